import { z } from 'zod';

import {
  defineCommand,
  defineEvent,
  defineQuery,
  type CommandContract,
  type EventContract,
  type DataOf,
  type ReplyOf,
} from '../define/contract.ts';
import { keyToken } from '../define/subject.ts';
import { DOMAIN_OWNER, DOMAINS, ROOT, type Domain } from '../define/vocabulary.ts';

/** How a command ended. */
export const Outcome = z.enum(['accepted', 'rejected', 'superseded', 'duplicate', 'dead-lettered']);
export type Outcome = z.infer<typeof Outcome>;

/** The three messages that every domain has; handled and published by `libs/bus`, so the domain tables do not repeat them. */
export interface StandardContracts {
  readonly ping: ReturnType<typeof pingOf>;
  readonly settled: ReturnType<typeof settledOf>;
  readonly replay: ReturnType<typeof replayOf>;
}

/** Round trip to the service of a domain. */
function pingOf(domain: Domain) {
  return defineQuery({
    type: `${domain}.ping`,
    major: 1,
    owner: DOMAIN_OWNER[domain],
    role: 'viewer',
    data: {},
    reply: {
      service: z.string(),
      version: z.string(),
      instance: z.string(),
      startedAt: z.iso.datetime(),
      ready: z.boolean(),
    },
    doc: 'Answers when the service is connected; `ready` is true when all its consumers are bound.',
  });
}

/** End of a command, so that a refusal always reaches its sender. */
function settledOf(domain: Domain) {
  return defineEvent({
    type: `${domain}.command-settled`,
    major: 1,
    owner: DOMAIN_OWNER[domain],
    key: { params: ['command-id'], of: (d: { commandId: string }) => [keyToken(d.commandId)] },
    data: {
      commandId: z.string().max(256),
      /** `<domain>.<name>` of the command. */
      type: z.string().max(128),
      outcome: Outcome,
      code: z.string().max(64).exactOptional(),
      message: z.string().max(2000).exactOptional(),
      hint: z.string().max(1000).exactOptional(),
      settledAt: z.iso.datetime(),
      /** Deliveries it took. */
      deliveries: z.int().min(1),
    },
    doc: 'Every command ends in exactly one of these.',
  });
}

/** Runs the handler of a dead letter again, in the service whose handler failed. */
function replayOf(domain: Domain) {
  return defineCommand({
    type: `${domain}.dead-letter-replay`,
    major: 1,
    owner: DOMAIN_OWNER[domain],
    role: 'admin',
    data: { sequence: z.int().min(1) },
    doc: 'Gives one dead letter of this domain to the handler that failed, under a new id; other subscribers of the original message do not see it again.',
  });
}

/** `STANDARD[domain]`: ping, settled, replay. */
export const STANDARD = Object.fromEntries(
  DOMAINS.map((domain) => [domain, { ping: pingOf(domain), settled: settledOf(domain), replay: replayOf(domain) }]),
) as Readonly<Record<Domain, StandardContracts>>;

export type CommandSettled = DataOf<StandardContracts['settled']>;
export type Pong = ReplyOf<StandardContracts['ping']>;

/** One record in the append-only stream AUDIT for each settled command; subject `seatrial.aud.v1.<domain>.<command>`. */
export const AuditRecord = z
  .object({
    commandId: z.string().max(256),
    type: z.string().max(128),
    subject: z.string().max(256),
    /** User as the sender says (the key is that of a role), or the service. */
    actor: z.string().max(128),
    role: z.string().max(32),
    outcome: Outcome,
    code: z.string().max(64).exactOptional(),
    /** A command line that does the same. */
    cli: z.string().max(4000),
    service: z.string().max(64),
    traceId: z.string().max(32).exactOptional(),
    at: z.iso.datetime(),
  })
  .meta({ title: 'audit record' });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Subject of the audit record of a command. */
export const auditSubject = (command: CommandContract<never>): string =>
  `${ROOT}.aud.v1.${command.domain}.${command.name}`;
/** Subject of dead letters of one handler: the domain is that of the handler, the name that of the message. */
export const deadLetterSubject = (
  handlerDomain: Domain,
  contract: CommandContract<never> | EventContract<never>,
): string => `${ROOT}.dlq.v1.${handlerDomain}.${contract.name}`;

/** Body of a failed query's reply. */
export const ErrorReply = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
    retryable: z.boolean(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ title: 'error reply' });
export type ErrorReply = z.infer<typeof ErrorReply>;
