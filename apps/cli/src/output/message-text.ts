import { H } from '@seatrial/contracts';
import { fit, neutralise, toJsonText, type Paint } from '@seatrial/report';

import type { BusMessage } from '../connect/client.ts';

/** A message for a person: when, on which subject, by whom; the payload below. */
export function messageText({ at, subject, headers, data }: BusMessage, paint: Paint): string {
  const head = [paint(clock(at), 'dim'), neutralise(subject), paint(neutralise(headers[H.source] ?? ''), 'dim')]
    .join('  ')
    .trimEnd();
  return `${head}\n  ${typeof data === 'string' ? neutralise(data) : toJsonText(data, 0)}\n`;
}

/** One line that fits the terminal: when, which event, about what. */
export function eventLine({ at, headers, data }: BusMessage, width: number, paint: Paint): string {
  const type = (headers[H.type] ?? '').replace(/^seatrial\./, '').replace(/\.v\d+$/, '');
  const subject = neutralise(headers[H.subject] ?? '');
  const rest = width - 8 - 2 - 28 - 2;
  return `${paint(clock(at), 'dim')}  ${neutralise(type).padEnd(28)}  ${fit(`${subject}  ${neutralise(summary(data))}`.trim(), rest)}`;
}

/** A message as one JSON object a line. */
export function messageRecord({ at, subject, headers, data, sequence }: BusMessage): unknown {
  return { at: new Date(at).toISOString(), subject, ...(sequence !== undefined && { sequence }), headers, data };
}

/** Local time of day. */
function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** The fields that say most about an event, whatever its kind. */
function summary(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const said = data as Readonly<Record<string, unknown>>;
  return ['state', 'severity', 'checkId', 'target', 'kind', 'op', 'action', 'health', 'outcome', 'reason', 'message']
    .map((field) => said[field])
    .map((value) => (typeof value === 'object' && value !== null && 'name' in value ? value.name : value))
    .filter((value) => typeof value === 'string')
    .join(' ');
}
