import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Bus, uuidv7 } from '@seatrial/bus';
import { AuditCompleted, AuditStart, FindingList, type AuditResult } from '@seatrial/contracts';
import { spawnNode, startBroker, until } from '@seatrial/testing';

const MAIN = fileURLToPath(new URL('../../../services/isolation-auditor/dist/main.js', import.meta.url));
/** USER_HZ is 100 on the architectures we run on. */
const MS_PER_TICK = 10;

/** The real service on a real broker, watching one engine. */
export interface RunningAuditor extends AsyncDisposable {
  readonly bus: Bus;
  /** CPU of its process so far, all threads, ms. */
  cpuMs(): number;
  /** Audits everything by command and gives what the service tells of it. */
  audit(): Promise<AuditResult>;
}

/** Starts both; resolves when every container was looked at once. */
export async function startService(engineUrl: string): Promise<RunningAuditor> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const broker = stack.use(await startBroker());
  const service = stack.use(
    spawnNode(MAIN, {
      nodeArgs: ['--max-semi-space-size=2', '--optimize-for-size'],
      env: {
        MALLOC_ARENA_MAX: '2',
        SEATRIAL_BUS: broker.url,
        SEATRIAL_CREDS: broker.seedFile('isolation-auditor'),
        SEATRIAL_ISOLATION_AUDITOR_ENGINES: JSON.stringify([{ id: 'bench', url: engineUrl }]),
        SEATRIAL_ISOLATION_AUDITOR_ARCHIVE: `sqlite:${join(folder, 'archive.db')}`,
        SEATRIAL_ISOLATION_AUDITOR_SALT_FILE: join(folder, 'salt'),
        // Only what is asked for is measured.
        SEATRIAL_ISOLATION_AUDITOR_RECONCILE_INTERVAL: '3600',
      },
    }),
  );
  await service.ready;
  const person = { person: 'bench', role: 'operator' } as const;
  const bus = await Bus.connect({ url: broker.url, as: person, seedFile: broker.seedFile('operator') });
  stack.defer(() => bus.close());
  await until('the first look', async () => (await bus.request(FindingList, {})).asOf, { deadlineMs: 60_000 });
  const rest = stack.move();
  return {
    bus,
    cpuMs: () => cpuOf(service.pid),
    audit: () => audited(bus),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

async function audited(bus: Bus): Promise<AuditResult> {
  const auditId = uuidv7();
  const settled = await bus.execute(AuditStart, { auditId, scope: {}, mode: 'effective' });
  if (settled.outcome !== 'accepted') throw new Error(`the audit was ${settled.outcome}: ${settled.message ?? ''}`);
  for await (const { data } of bus.read(AuditCompleted, { from: 'all', follow: true }))
    if (data.auditId === auditId) return data;
  throw new Error('the audit has no end');
}

/** utime and stime of proc_pid_stat(5). */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
