import type { AuditRecord, SomeCommand } from '@seatrial/contracts';

import type { Envelope } from './inbound.ts';
import type { CommandEnd } from './pipeline.ts';
import type { StoredMessage } from './stored-message.ts';

/** The audit record of a settled command. `body` is the command as it came, decodable or not. */
export function auditRecord(
  command: SomeCommand,
  message: StoredMessage,
  envelope: Envelope,
  end: CommandEnd,
  by: { readonly service: string; readonly at: Date; readonly traceId: string | undefined },
): AuditRecord {
  const sender = senderOf(envelope);
  return {
    commandId: envelope.id,
    type: command.type,
    subject: message.subject.slice(0, 256),
    actor: sender.actor.slice(0, 128),
    role: sender.role.slice(0, 32),
    outcome: end.outcome,
    ...(end.code === undefined ? {} : { code: end.code }),
    cli: commandLine(command.type, message.data),
    service: by.service,
    ...(by.traceId === undefined ? {} : { traceId: by.traceId }),
    at: by.at.toISOString(),
  };
}

/** Longest command line that is kept; a longer payload is named by its size. */
const MAX_CLI = 4000;

/** A command line that sends the same command, quoted for a POSIX shell. Commands hold no secrets. */
export function commandLine(type: string, body: Uint8Array): string {
  let json: string;
  try {
    json = JSON.stringify(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch {
    return `# ${type}: ${body.length} bytes that are not JSON; see \`seatrial dlq list\``;
  }
  const line = `seatrial pub ${type} '${json.replaceAll("'", String.raw`'\''`)}'`;
  return line.length <= MAX_CLI ? line : `seatrial pub ${type} - # ${body.length} bytes of JSON on standard input`;
}

/** Who sent it: the headers of the sender, else its `ce-source`. */
function senderOf(envelope: Envelope): { actor: string; role: string } {
  const [, kind, name] = (envelope.source ?? '').split('/');
  return {
    actor: envelope.actor ?? (name || 'unknown'),
    role: envelope.role ?? (kind === 'services' ? 'service' : 'unknown'),
  };
}
