import { AckPolicy, DeliverPolicy, ReplayPolicy, type ConsumerConfig } from '@nats-io/jetstream';
import { CONTRACTS, STREAMS, type ServiceName, type SomeContract } from '@seatrial/contracts';

/** A durable pull consumer that one service binds. */
export interface DurablePlan {
  readonly stream: (typeof STREAMS)['cmd' | 'evt' | 'met'];
  readonly service: ServiceName;
  readonly config: Required<
    Pick<
      ConsumerConfig,
      | 'durable_name'
      | 'description'
      | 'ack_policy'
      | 'ack_wait'
      | 'deliver_policy'
      | 'replay_policy'
      | 'max_deliver'
      | 'max_ack_pending'
      | 'filter_subject'
    >
  >;
}

/** Time to settle a message before it is delivered again; handlers that need longer say `working()` every 10 s. */
const ACK_WAIT_NS = 30_000_000_000;
/** Twice the default concurrency of a handler, so that a pull always finds work ready. */
const MAX_ACK_PENDING = 16;
/** An archive writer commits in groups: it holds many messages before it acknowledges any. */
const ARCHIVE_MAX_ACK_PENDING = 64;

/** Every durable that the registry asks for: one for each command at its owner, and one for each event and metric at each of its readers. */
export const DURABLE_PLANS: readonly DurablePlan[] = CONTRACTS.flatMap(durablesOf);

/** Durables that one service binds. */
export function durablesOfService(service: ServiceName): readonly DurablePlan[] {
  return DURABLE_PLANS.filter((plan) => plan.service === service);
}

function durablesOf(contract: SomeContract): DurablePlan[] {
  switch (contract.kind) {
    case 'cmd':
      return [plan(contract, contract.owner)];
    case 'evt':
    case 'met':
      return contract.consumers.map((service) => plan(contract, service));
    case 'rpc':
      return [];
  }
}

function plan(contract: Exclude<SomeContract, { kind: 'rpc' }>, service: ServiceName): DurablePlan {
  return {
    stream: STREAMS[contract.kind],
    service,
    config: {
      durable_name: durableName(service, contract),
      description: contract.type,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ACK_WAIT_NS,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      // The bus counts deliveries itself and dead-letters: the server must never stop delivering silently.
      max_deliver: -1,
      max_ack_pending: contract.kind === 'met' ? ARCHIVE_MAX_ACK_PENDING : MAX_ACK_PENDING,
      filter_subject: contract.filter,
    },
  };
}

/** `<service>-<name>`; every domain has its own `dead-letter-replay`, so that one carries its domain too. */
function durableName(service: ServiceName, contract: SomeContract): string {
  return contract.name === 'dead-letter-replay'
    ? `${service}-${contract.domain}-${contract.name}`
    : `${service}-${contract.name}`;
}
