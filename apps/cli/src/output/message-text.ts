import { H } from '@seatrial/contracts';
import { fit, neutralise, toJsonText, type Paint } from '@seatrial/report';

import type { BusMessage } from '../connect/client.ts';
import { eventText } from './event-text.ts';

/** A message for a person: when, on which subject, by whom; the payload below. */
export function messageText({ at, subject, headers, data }: BusMessage, paint: Paint): string {
  const head = [paint(clock(at), 'dim'), neutralise(subject), paint(neutralise(headers[H.source] ?? ''), 'dim')]
    .join('  ')
    .trimEnd();
  return `${head}\n  ${typeof data === 'string' ? neutralise(data) : toJsonText(data, 0)}\n`;
}

/** Type names are at most as long as `isolation.command-settled`. */
const TYPE_COLUMN = 25;

/** One line that fits the terminal: when, which event, what it says. */
export function eventLine({ at, headers, data }: BusMessage, width: number, paint: Paint): string {
  const ceType = headers[H.type] ?? '';
  const type = neutralise(ceType.replace(/^seatrial\./, '').replace(/\.v\d+$/, ''));
  const says = neutralise(eventText(ceType, data));
  return `${paint(clock(at), 'dim')}  ${type.padEnd(TYPE_COLUMN)}  ${fit(says, width - TYPE_COLUMN - 12)}`.trimEnd();
}

/** A message as one JSON object a line. */
export function messageRecord({ at, subject, headers, data, sequence }: BusMessage): unknown {
  return { at: new Date(at).toISOString(), subject, ...(sequence !== undefined && { sequence }), headers, data };
}

/** Local time of day. */
function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
