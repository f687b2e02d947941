import {
  STANDARD,
  STREAMS,
  type Domain,
  type ServiceName,
  type SomeCommand,
  type SomeQuery,
} from '@seatrial/contracts';

import type { Connection } from '../connection/connection.ts';
import { durableName, type QueryBinding, type StreamBinding } from './binding.ts';
import { bodyOf } from './body.ts';
import { compileConsumerOptions } from './consumer-options.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { replay } from './replay.ts';

/** Answers the ping of a domain: who, which version, since when, and whether all consumers are bound. */
export function pingOf(
  domain: Domain,
  service: ServiceName,
  { version, instance }: Connection,
  state: { readonly startedAt: Date; readonly ready: boolean },
): QueryBinding {
  return {
    contract: STANDARD[domain].ping as unknown as SomeQuery,
    handle: () =>
      Promise.resolve({ service, version, instance, startedAt: state.startedAt.toISOString(), ready: state.ready }),
  };
}

/** Handles the replay of dead letters of a domain, one at a time. `bindingOf` finds the handler behind a durable. */
export function replayOf(
  domain: Domain,
  service: ServiceName,
  connection: Connection,
  bindingOf: (durable: string) => StreamBinding | undefined,
): StreamBinding {
  const contract = STANDARD[domain].replay as unknown as SomeCommand;
  const ports = {
    read: (of: Domain, sequence: number) => readDeadLetter(connection, of, sequence),
    bindingOf,
    decode: bodyOf,
  };
  return {
    contract,
    stream: STREAMS.cmd,
    durable: durableName(service, `${domain}-${contract.name}`),
    options: compileConsumerOptions({ concurrency: 1 }),
    handle: (data, delivery) => replay(domain, (data as { readonly sequence: number }).sequence, delivery, ports),
  };
}
