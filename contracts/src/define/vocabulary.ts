/** Services that exist. Each owns its domains and is one NATS user. */
export const SERVICES = ['collector', 'isolation-auditor'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Who owns (handles commands and queries of, publishes events and metrics of) each domain. */
export const DOMAIN_OWNER = { estate: 'collector', isolation: 'isolation-auditor' } as const satisfies Record<
  string,
  ServiceName
>;
export type Domain = keyof typeof DOMAIN_OWNER;
export const DOMAINS = Object.keys(DOMAIN_OWNER) as readonly Domain[];

/** Roles of people, least first; each may do what the one before it may. `service` means: no person. */
export const PERSON_ROLES = ['viewer', 'operator', 'admin'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];
export type Role = PersonRole | 'service';

/** Message kinds that are defined by contracts. `dlq` and `aud` subjects follow from the commands and events. */
export type Kind = 'cmd' | 'evt' | 'rpc' | 'met';

/** First token of every subject. */
export const ROOT = 'seatrial';

/** Streams on the server; which kind is stored where. Settings are in `infra`. */
export const STREAMS = { cmd: 'CMD', evt: 'EVT', met: 'MET', dlq: 'DLQ', aud: 'AUDIT' } as const;

/** Largest body of one message, bytes; anything larger goes to an object store and the message carries the key. */
export const MAX_BODY_BYTES = 256 * 1024;
