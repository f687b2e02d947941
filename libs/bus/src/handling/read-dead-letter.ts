import { ROOT, STREAMS, type Domain } from '@seatrial/contracts';

import type { Connection } from '../connection/connection.ts';
import { storedRaw } from '../read/stored.ts';
import type { KeptDeadLetter } from './replay.ts';

/** Time to find one dead letter, ms. */
const READ_MS = 10_000;

/** The dead letter of a domain with this number, or undefined. Reads in order from there on: a service may not get single messages of the stream. */
export async function readDeadLetter(
  connection: Connection,
  domain: Domain,
  sequence: number,
): Promise<KeptDeadLetter | undefined> {
  const time = AbortSignal.timeout(READ_MS);
  const letters = storedRaw(connection, STREAMS.dlq, {
    filter: `${ROOT}.dlq.v1.${domain}.>`,
    from: { sequence },
    follow: false,
    signal: time,
  });
  for await (const { sequence: found, headers, data, time: storedAt } of letters)
    return found === sequence ? { sequence, headers, data, time: storedAt } : undefined;
  // A read that was cut short has not shown that there is none.
  time.throwIfAborted();
  connection.closing.throwIfAborted();
  return undefined;
}
