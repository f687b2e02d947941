/**
 * A process that holds a lease, for tests that freeze it. Environment: BUS_URL, SEED_FILE, TTL_MS. It prints one line of JSON when it acquires the lease,
 * and for each line `look` on standard input one that says whether it still holds it. It publishes under its fence with every look while it does.
 */
import { createInterface } from 'node:readline';
import { Bus } from '@seatrial/bus';
import { CollectorLeases, Watermarks } from '@seatrial/contracts';

const { BUS_URL = '', SEED_FILE = '', TTL_MS = '1500' } = process.env;
const say = (what: object): boolean => process.stdout.write(`${JSON.stringify(what)}\n`);

const bus = await Bus.connect({ url: BUS_URL, as: { service: 'collector' }, seedFile: SEED_FILE });
const lease = await bus.lease(CollectorLeases, 'frozen', { ttlMs: Number(TTL_MS) }).acquire();
const { signal } = lease;
// Said the moment it is known, by whatever notices it first.
signal.addEventListener('abort', () => say({ lost: (signal.reason as Error).message }));

createInterface({ input: process.stdin }).on('line', (line) => {
  const { held } = lease;
  say({ look: line, held, aborted: signal.aborted });
  if (held)
    void bus.bucket(Watermarks).put('effect', { eventSince: String(lease.fence), updatedAt: new Date().toISOString() });
});
say({ ready: true, fence: lease.fence });
