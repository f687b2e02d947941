import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditCompleted, AuditStart, FindingList, STANDARD, type Finding } from '@seatrial/contracts';
import {
  createContainer,
  requireDocker,
  startBroker,
  startContainer,
  until,
  type TestContainer,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { person, startAuditor, type Auditor } from '../../e2e/isolation/auditor.ts';
import { FindingLog } from '../../e2e/isolation/finding-log.ts';

const docker = await requireDocker();
/** Enough that an audit can be interrupted in its middle. */
const MANY = 40;
const hostConfig = { Privileged: true, NetworkMode: 'host', PidMode: 'host' };

describe.skipIf(docker.skip !== undefined)('an auditor that is killed', () => {
  test('in the middle of its first audit: its successor publishes what is missing, nothing twice, and ends the command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'seatrial-auditor-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true }));
    const made: TestContainer[] = [];
    for (let i = 0; i < MANY; i++) made.push(stack.use(await createContainer(docker, { hostConfig })));
    const ours = new Set(made.map(({ id }) => id));
    await using broker = await startBroker();
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    const told = () => log.all.filter(({ data }) => ours.has(data.target.id));
    const auditId = 'killed-in-the-middle';

    {
      await using first = await startAuditor({ broker, folder });
      await bus.send(AuditStart, { auditId, scope: {}, mode: 'effective' });
      await until('some are told', () => told().length > 20, { everyMs: 1 });
      await first.process.kill();
    }
    const before = told().length;
    await using _second = await startAuditor({ broker, folder });
    const listed = await until(
      'all are stored',
      async () => {
        const all: Finding[] = [];
        for (let cursor: string | undefined, start = true; start || cursor !== undefined; start = false) {
          const page = await bus.request(FindingList, {
            targets: [...ours],
            statuses: ['fail'],
            limit: 500,
            ...(cursor !== undefined && { cursor }),
          });
          all.push(...page.findings);
          cursor = page.cursor;
        }
        const targets = new Set(all.map(({ target }) => target.id));
        return targets.size === MANY && all;
      },
      { deadlineMs: 60_000, everyMs: 250 },
    );
    // The kill came in the middle, or this test shows nothing.
    expect(before).toBeLessThan(listed.length);
    await until('all are told', () => told().length >= listed.length);
    const ids = told().map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect(new Set(ids)).toEqual(new Set(listed.map(({ fingerprint }) => `${fingerprint}/open/1`)));

    const ends = await until('the command has ended', async () => {
      const found: string[] = [];
      for await (const { data } of bus.read(STANDARD.isolation.settled, { from: 'all', follow: false }))
        if (data.type === AuditStart.type) found.push(data.outcome);
      return found.length > 0 && found;
    });
    expect(ends).toEqual(['accepted']);
    let completed = 0;
    for await (const { data } of bus.read(AuditCompleted, { from: 'all', follow: false }))
      if (data.auditId === auditId) completed++;
    expect(completed).toBe(1);
  }, 180_000);

  test('and the bus that is killed and comes back: what happened meanwhile is told once', async () => {
    await using broker = await startBroker();
    await using auditor = await startAuditor({ broker, settings: { RECONCILE_INTERVAL: '3600' } });
    await using bus = await person(broker);
    await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
    await broker.kill();
    await using bad = await startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } });
    await broker.restart();
    await using again = await person(broker);
    await using log = new FindingLog(again);
    await log.until(bad.name, 'dkr.ns.pid.host open', 60_000);
    const ids = log.all.map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect(auditor.process.running).toBe(true);
  }, 120_000);

  test('beside a second one that waits: each change is told once, both answer, and the second goes on where the first was killed', async () => {
    await using broker = await startBroker();
    await using one = await startAuditor({ broker });
    await using two = await startAuditor({ broker });
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    const start = () => startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } });
    await using first = await start();
    await log.until(first.name, 'dkr.ns.pid.host open');
    // Questions go to either of them.
    for (let i = 0; i < 10; i++) {
      const { targets } = await bus.request(FindingList, { targets: [first.name] }, { deadlineMs: 20_000 });
      expect(targets.map(({ name }) => name)).toEqual([first.name]);
    }
    const leader = (await led(one)) ? one : two;
    await leader.process.kill();
    await using second = await start();
    await log.until(second.name, 'dkr.ns.pid.host open', 60_000);
    const ids = log.all.map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect(log.of(first.name).filter((words) => words.includes('resolved'))).toEqual([]);
  }, 180_000);
});

/** It has compared everything by itself, which only the holder of the lease does. */
async function led(auditor: Auditor): Promise<boolean> {
  const text = await (await auditor.health('/metrics')).text();
  return /seatrial_isolation_audits_total\{[^}]*trigger="start"[^}]*\} 1\b/.test(text);
}
