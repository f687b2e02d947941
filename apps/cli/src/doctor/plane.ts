import { fail, isUnread, ok, warn, type CheckResult, type Unread } from './check.ts';

/** The nats-server that `up` would take. */
export type ServerFact =
  | { readonly version: string; readonly path: string }
  | { readonly tooOld: string; readonly path: string }
  | { readonly none: true };

/** The running plane of this checkout, as far as it answers. */
export interface PlaneFact {
  readonly pid: number;
  readonly busUrl: string;
  /** How many dead letters its stream holds: reading them proves that JetStream answers; the reason when it does not. */
  readonly deadLetters: number | Unread;
  /** Version of each service that answers its ping. */
  readonly services: readonly { readonly name: string; readonly version: string | undefined }[];
}

export function checkServer(server: ServerFact): CheckResult {
  if ('version' in server) return ok('nats-server', `${server.version} at ${server.path}`);
  if ('tooOld' in server)
    return warn(
      'nats-server',
      `${server.path} is ${server.tooOld}, older than 2.11: not used`,
      './seatrial tools nats-server',
    );
  return warn('nats-server', 'not here yet: `up` fetches it', './seatrial tools nats-server');
}

/** @param holder who listens on the bus port: nobody, the plane of this checkout, or somebody else */
export function checkPort(port: number, holder: 'nobody' | 'plane' | 'other'): CheckResult {
  switch (holder) {
    case 'nobody':
      return ok('port', `${port} is free`);
    case 'plane':
      return ok('port', `${port} is the bus of this checkout`);
    case 'other':
      return warn(
        'port',
        `${port} is taken by another program: \`up\` takes the next free one`,
        `ss -ltnp 'sport = :${port}'`,
      );
  }
}

export function checkPlane(plane: PlaneFact | undefined): CheckResult {
  if (!plane) return warn('plane', 'nothing runs', './seatrial up -d');
  const silent = plane.services.filter((service) => service.version === undefined).map((service) => service.name);
  if (silent.length > 0)
    return fail(
      'plane',
      `no answer from ${silent.join(', ')} (process ${plane.pid})`,
      './seatrial down && ./seatrial up -d',
    );
  return ok('plane', `process ${plane.pid}, ${plane.busUrl}, ${plane.services.length} services answer`);
}

export function checkJetStream(plane: PlaneFact | undefined): CheckResult {
  if (!plane) return ok('jetstream', 'not running; `up` starts it with its own store');
  const { deadLetters } = plane;
  if (isUnread(deadLetters)) return fail('jetstream', deadLetters.unread, './seatrial down && ./seatrial up -d');
  return deadLetters === 0
    ? ok('jetstream', 'answers, no dead letter')
    : warn('jetstream', `answers, ${deadLetters} dead letters`, './seatrial dlq list');
}

/** The contracts of what runs must be those of this checkout. */
export function checkContracts(
  own: { readonly version: string; readonly count: number },
  plane: PlaneFact | undefined,
): CheckResult {
  const text = `version ${own.version}, ${own.count} messages`;
  const others = (plane?.services ?? []).filter(
    (service) => service.version !== undefined && service.version !== own.version,
  );
  if (others.length === 0) return ok('contracts', text);
  const names = others.map((service) => `${service.name} ${service.version}`).join(', ');
  return warn('contracts', `${text}; running: ${names}`, './seatrial down && ./seatrial up -d');
}
