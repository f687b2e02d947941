import { userInfo } from 'node:os';

import type { PersonRole, ServiceName } from '@seatrial/contracts';

/** Who connects. */
export type BusUserOption = { readonly service: ServiceName } | { readonly person: string; readonly role: PersonRole };

/** Who this process is on the bus, in every form that is needed. */
export interface Identity {
  readonly service?: ServiceName;
  readonly person?: string;
  readonly role?: PersonRole;
  /** For people: `alice (operator)`; for services the name. */
  readonly label: string;
  /** `ce-source`. */
  readonly source: string;
  /**
   * Replies to own requests arrive here, and nobody else may subscribe to it. People share the inbox space of their role, because the key they hold is
   * that of a role; each connection still has unguessable subjects of its own.
   */
  readonly inboxPrefix: string;
}

/** Compiles who connects. Names of people are cut to what a header may hold. */
export function identityOf(as: BusUserOption): Identity {
  if ('service' in as)
    return {
      service: as.service,
      label: as.service,
      source: `/services/${as.service}`,
      inboxPrefix: `_INBOX_${as.service}`,
    };
  const person = as.person.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 64) || userInfo().username;
  return {
    person,
    role: as.role,
    label: `${person} (${as.role})`,
    source: `/people/${encodeURIComponent(person)}`,
    inboxPrefix: `_INBOX_${as.role}`,
  };
}

/**
 * True for a subject in somebody's inbox: the only place where an answer goes. The server lets a responder publish to whatever reply subject a request
 * names, so a person could else have a service write an answer over a value of a bucket, into the audit log, or to the API of the streams.
 */
export function isInbox(subject: string | undefined): boolean {
  return subject !== undefined && /^_INBOX_[a-z-]+\./.test(subject);
}
