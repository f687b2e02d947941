import { z } from 'zod';

import { strictly } from './strictness.ts';
import { assertToken } from './subject.ts';
import { DOMAIN_OWNER, ROOT, type Domain, type Kind, type Role, type ServiceName } from './vocabulary.ts';

/** Field map of a message: the one source of both schemas. Optional fields use `.exactOptional()`. */
export type Fields = Readonly<Record<string, z.ZodType>>;
export type Shape<F extends Fields> = z.infer<z.ZodObject<F>>;

/** How the tokens behind the subject are made. `params` name them in the reference; the last one may stand for several tokens. */
export interface SubjectKey<D> {
  readonly params: readonly string[];
  readonly of: (data: D) => readonly string[];
}

/** What every kind of contract has. */
export interface ContractBase<K extends Kind, D> {
  readonly kind: K;
  /** `<domain>.<name>` */
  readonly type: string;
  readonly domain: Domain;
  readonly name: string;
  readonly major: number;
  /** Service that handles a command or query, or publishes an event or metric. */
  readonly owner: ServiceName;
  /** Subject without key tokens: `seatrial.<kind>.v<major>.<domain>.<name>`. */
  readonly subject: string;
  /** Subscription that gets every message of this contract. */
  readonly filter: string;
  readonly key: SubjectKey<D> | undefined;
  /** `ce-type` of its messages. */
  readonly ceType: string;
  /** Publisher's schema: unknown keys are errors at every depth. */
  readonly schema: z.ZodType<D>;
  /** Consumer's schema: unknown keys are stripped at every depth. */
  readonly tolerant: z.ZodType<D>;
  readonly doc: string;
  /** Concrete subject of one message. Throws a TypeError if a key token is not `[a-z0-9-]{1,64}`. */
  subjectOf(data: D): string;
}

export interface CommandContract<D = unknown> extends ContractBase<'cmd', D> {
  /** Least role of a person that may send it; `service`: no person may. */
  readonly role: Role;
  /** Services that may send it. */
  readonly callers: readonly ServiceName[];
}

export interface QueryContract<D = unknown, R = unknown> extends ContractBase<'rpc', D> {
  readonly role: Role;
  readonly callers: readonly ServiceName[];
  readonly replySchema: z.ZodType<R>;
  readonly replyTolerant: z.ZodType<R>;
}

export interface EventContract<D = unknown> extends ContractBase<'evt', D> {
  /** Services that read it. */
  readonly consumers: readonly ServiceName[];
}

export interface MetricContract<D = unknown> extends ContractBase<'met', D> {
  readonly consumers: readonly ServiceName[];
}

export type AnyContract =
  | CommandContract<never>
  | EventContract<never>
  | QueryContract<never, never>
  | MetricContract<never>;

/** Payload type of a contract. */
export type DataOf<C> = C extends { readonly schema: z.ZodType<infer D> } ? D : never;
/** Reply type of a query. */
export type ReplyOf<C> = C extends { readonly replySchema: z.ZodType<infer R> } ? R : never;

interface Definition<F extends Fields> {
  /** `<domain>.<name>`, tokens `[a-z0-9-]`. */
  readonly type: `${Domain}.${string}`;
  readonly major: number;
  readonly owner: ServiceName;
  readonly key?: SubjectKey<Shape<F>>;
  readonly data: F;
  readonly doc: string;
}
interface Sent {
  readonly role?: Role;
  readonly callers?: readonly ServiceName[];
}
interface Read {
  readonly consumers?: readonly ServiceName[];
}

/** A command: stored until its owner has handled it; ends in exactly one `command-settled` event. */
export function defineCommand<const F extends Fields>(d: Definition<F> & Sent): CommandContract<Shape<F>> {
  return { ...base('cmd', d), role: d.role ?? 'service', callers: d.callers ?? [] };
}

/** An event: a fact, replayable for 7 days, read through one durable a service. */
export function defineEvent<const F extends Fields>(d: Definition<F> & Read): EventContract<Shape<F>> {
  return { ...base('evt', d), consumers: d.consumers ?? [] };
}

/** A metric stream: short retention, invalid messages are counted and dropped. */
export function defineMetric<const F extends Fields>(d: Definition<F> & Read): MetricContract<Shape<F>> {
  return { ...base('met', d), consumers: d.consumers ?? [] };
}

/** A query: request and reply with a deadline. Its subject has no key. */
export function defineQuery<const F extends Fields, const R extends Fields>(
  d: Omit<Definition<F>, 'key'> & Sent & { readonly reply: R },
): QueryContract<Shape<F>, Shape<R>> {
  const reply = z.object(d.reply).meta({ title: `${d.type} reply` });
  return {
    ...base('rpc', d),
    role: d.role ?? 'service',
    callers: d.callers ?? [],
    replySchema: strictly(reply) as unknown as z.ZodType<Shape<R>>,
    replyTolerant: reply as unknown as z.ZodType<Shape<R>>,
  };
}

function base<K extends Kind, F extends Fields>(kind: K, d: Definition<F>): ContractBase<K, Shape<F>> {
  const [domain, name] = d.type.split('.') as [Domain, string];
  assertToken(name, d.type);
  if (DOMAIN_OWNER[domain] !== d.owner)
    throw new TypeError(`${d.type}: domain "${domain}" belongs to ${DOMAIN_OWNER[domain]}, not to ${d.owner}`);
  const subject = `${ROOT}.${kind}.v${d.major}.${domain}.${name}`;
  const tolerant = z.object(d.data).meta({ title: d.type });
  const key = d.key;
  return {
    kind,
    type: d.type,
    domain,
    name,
    major: d.major,
    owner: d.owner,
    subject,
    filter: key === undefined ? subject : `${subject}.>`,
    key,
    ceType: `${ROOT}.${domain}.${name}.v${d.major}`,
    schema: strictly(tolerant) as unknown as z.ZodType<Shape<F>>,
    tolerant: tolerant as unknown as z.ZodType<Shape<F>>,
    doc: d.doc,
    subjectOf(data) {
      if (key === undefined) return subject;
      const tokens = key.of(data);
      for (const token of tokens) assertToken(token, d.type);
      return [subject, ...tokens].join('.');
    },
  };
}
