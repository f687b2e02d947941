import {
  auditSubject,
  DOMAIN_OWNER,
  DOMAINS,
  H,
  ROOT,
  STANDARD,
  type CommandSettled,
  type ServiceName,
  type SomeCommand,
} from '@seatrial/contracts';
import { headers, type MsgHdrs } from '@nats-io/nats-core';

import { auditRecord } from './audit.ts';
import { idAbout, type Envelope } from './inbound.ts';
import type { Outgoing } from './outgoing.ts';
import type { CommandEnd } from './pipeline.ts';
import type { StoredMessage } from './stored-message.ts';

/** Who writes the end of a command. */
export interface Writer {
  readonly service: ServiceName;
  readonly now: Date;
  readonly traceId: string | undefined;
}

/**
 * What is published when a command ends, in this order: `command-settled` for its sender, then the audit record. Ids follow from the command, so a
 * process that dies between the two repeats both without a second effect. The subject of `command-settled` is the command's own: the server refuses a
 * second one on it for as long as the first is kept (7 days), which is longer than its window for equal ids (2 minutes).
 */
export function endOfCommand(
  command: SomeCommand,
  message: StoredMessage,
  envelope: Envelope,
  end: CommandEnd,
  by: Writer,
): readonly Outgoing[] {
  const settled = STANDARD[command.domain].settled;
  const event: CommandSettled = {
    commandId: envelope.id,
    type: command.type,
    outcome: end.outcome,
    ...(end.code === undefined ? {} : { code: end.code }),
    ...(end.message === undefined ? {} : { message: end.message }),
    ...(end.hint === undefined ? {} : { hint: end.hint }),
    settledAt: by.now.toISOString(),
    deliveries: message.deliveryCount,
  };
  const record = auditRecord(command, message, envelope, end, { service: by.service, at: by.now, traceId: by.traceId });
  const write = (name: string, subject: string, ceType: string, body: object, first: boolean): Outgoing => {
    const id = idAbout(envelope.id, name);
    return { subject, id, first, body: JSON.stringify(body), headers: attributes(id, ceType, envelope, message, by) };
  };
  return [
    write('settled', settled.subjectOf(event), settled.ceType, event, true),
    write('audit', auditSubject(command), `${ROOT}.${command.domain}.audit.v1`, record, false),
  ];
}

function attributes(id: string, ceType: string, envelope: Envelope, message: StoredMessage, by: Writer): MsgHdrs {
  const out = headers();
  out.set(H.specversion, '1.0');
  out.set(H.id, id);
  out.set(H.source, `/services/${by.service}`);
  out.set(H.type, ceType);
  out.set(H.time, by.now.toISOString());
  out.set(H.contentType, 'application/json');
  out.set(H.cause, envelope.id);
  for (const name of [H.traceparent, H.tracestate]) {
    const value = message.headers?.get(name);
    if (value) out.set(name, value);
  }
  return out;
}

/** Domains of a service; the first is that of its handlers of foreign events. */
export function domainsOf(service: ServiceName): readonly (typeof DOMAINS)[number][] {
  return DOMAINS.filter((domain) => DOMAIN_OWNER[domain] === service);
}
