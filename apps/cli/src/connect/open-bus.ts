import { Bus, uuidv7, type BusStatus } from '@seatrial/bus';

import { NoPlane } from '../errors.ts';
import type { Flags } from '../parse/flags.ts';
import type { Session } from '../session.ts';
import { VERSION } from '../version.ts';
import type { BusClient } from './client.ts';
import { findConnection } from './connection.ts';
import { DeadLetterUnknown } from './errors.ts';
import { matchesAny } from './filter.ts';
import { listening, messagesOf } from './messages.ts';

/** Connecting takes milliseconds; whoever waits longer waits for nobody. */
const CONNECT_MS = 5000;

/** Opens the bus that flags, environment or the plane of this checkout name, as the person whose key it is. @throws E-BUS-UNREACHABLE, E-AUTH-*, E-BUS-VERSION */
export async function openBus(flags: Flags, session: Session): Promise<BusClient> {
  const connection = findConnection(flags, session);
  if (connection === undefined) throw new NoPlane();
  const { url, user, role, keyFile } = connection;
  const timeoutMs = flags.required('timeout');
  const { signal } = session;
  const bus = await Bus.connect({
    url,
    as: { person: user, role },
    version: VERSION,
    onStatus: outageReport(session),
    connectTimeoutMs: Math.min(timeoutMs, CONNECT_MS),
    ...(keyFile !== undefined && { seedFile: keyFile }),
  });
  return {
    url: withoutCredentials(url),
    user,
    ask: (query, data) => bus.request(query, data, { deadlineMs: timeoutMs, signal }),
    command: async (contract, data, subject) => {
      const id = uuidv7();
      const settled = bus.execute(contract, data, { id, subject, timeoutMs, signal });
      // Whoever awaits it gets the error; whoever gave up before must not end the process.
      settled.catch(() => {});
      return { id, settled };
    },
    publish: async (contract, data) =>
      (await bus.publish(contract as never, data as never, { signal, deadlineMs: timeoutMs })).id,
    subscribe: async (subject) => listening(messagesOf(bus.subscribeRaw(subject, { signal })), () => bus.flush()),
    events: async ({ filters, since, follow }) => {
      const [only, ...others] = filters;
      const filter = others.length === 0 && only !== undefined ? only : 'seatrial.evt.>';
      const all = messagesOf(bus.readRaw('EVT', { filter, from: { time: new Date(since) }, follow, signal }));
      return follow ? listening(matchesAny(all, filters), () => bus.flush()) : matchesAny(all, filters);
    },
    deadLetters: async () => {
      const letters = [];
      for await (const letter of messagesOf(bus.readRaw('DLQ', { filter: DEAD, from: 'all', follow: false, signal })))
        letters.push({ ...letter, sequence: letter.sequence ?? 0 });
      return letters;
    },
    deadLetter: async (sequence) => {
      for await (const letter of messagesOf(
        bus.readRaw('DLQ', { filter: DEAD, from: { sequence }, follow: false, signal }),
      )) {
        if (letter.sequence === sequence) return { ...letter, sequence };
        break;
      }
      throw new DeadLetterUnknown(sequence);
    },
    [Symbol.asyncDispose]: () => bus.close(),
  };
}

const DEAD = 'seatrial.dlq.>';

/** Says on stderr when the bus is lost and when it is back: whoever watches must not take silence for calm. */
function outageReport({ err }: Session): (status: BusStatus) => void {
  let lost = false;
  return (status) => {
    if (status === 'reconnecting' && !lost) {
      lost = true;
      err('warning: bus lost, reconnecting\n');
    } else if (status === 'connected' && lost) {
      lost = false;
      err('the bus is back\n');
    }
  };
}

/** The address as it may be shown: a password in it stays out. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//');
}
