import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openArchive } from '@seatrial/archive';
import type { Received } from '@seatrial/bus';
import { AuditCompleted, FindingList, type AuditResult } from '@seatrial/contracts';
import { requireDocker, startBroker, startContainer, until, type Broker, type TestContainer } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { commandAudit, person, startAuditor, type Auditor } from './auditor.ts';
import { FindingLog } from './finding-log.ts';

const docker = await requireDocker();

describe.skipIf(docker.skip !== undefined)('audits by command', () => {
  let broker: Broker;
  let auditor: Auditor;
  let bus: Awaited<ReturnType<typeof person>>;
  let log: FindingLog;
  const bad: TestContainer[] = [];
  const completed: Received<AuditResult>[] = [];
  const stop = new AbortController();

  beforeAll(async () => {
    broker = await startBroker();
    for (let i = 0; i < 3; i++)
      bad.push(await startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } }));
    auditor = await startAuditor({ broker, settings: { RECONCILE_INTERVAL: '3600' } });
    bus = await person(broker);
    log = new FindingLog(bus);
    void (async () => {
      for await (const message of bus.read(AuditCompleted, { from: 'all', follow: true, signal: stop.signal }))
        completed.push(message);
    })();
    await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
  }, 120_000);

  afterAll(async () => {
    stop.abort();
    await log?.[Symbol.asyncDispose]();
    await bus?.close();
    await auditor?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
    for (const container of bad) await container[Symbol.asyncDispose]();
  }, 120_000);

  const ends = (auditId: string) => completed.filter(({ data }) => data.auditId === auditId);
  const names = () => bad.map(({ name }) => name);

  test('a command is settled as accepted after exactly one audit-completed; the same audit id again is a duplicate', async () => {
    const first = await commandAudit(bus, { targets: names() });
    expect(first).toMatchObject({ outcome: 'accepted', deliveries: 1 });
    await until('its end is told', () => ends(first.auditId).length === 1);
    // What it opened, and whether it was partial, depends on the containers of other tests on this engine too.
    expect(ends(first.auditId)[0]?.data).toMatchObject({
      trigger: 'command',
      summary: { targets: 3, groups: 1 },
    });
    const again = await commandAudit(bus, { targets: names() }, { auditId: first.auditId });
    expect([again.outcome, again.commandId === first.commandId]).toEqual(['duplicate', false]);
    const last = await commandAudit(bus);
    await until('the last end is told', () => ends(last.auditId).length === 1);
    expect(ends(first.auditId)).toHaveLength(1);
  });

  test('two commands with one audit id at the same time: one is accepted', async () => {
    const auditId = 'at-the-same-time';
    const both = await Promise.all([commandAudit(bus, {}, { auditId }), commandAudit(bus, {}, { auditId })]);
    expect(both.map(({ outcome }) => outcome).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'accepted',
      'duplicate',
    ]);
    await until('its end is told', () => ends(auditId).length === 1);
  });

  test('equal results publish no finding, however often everything is audited', async () => {
    const of = () => names().flatMap((name) => log.of(name));
    await until('all were found', () => of().length >= 3 * 8);
    const before = of();
    const judged = await commandAudit(bus, { targets: names() });
    for (let i = 0; i < 4; i++) await commandAudit(bus, {});
    await until('the end of the first is told', () => ends(judged.auditId).length === 1);
    const verdicts = countOf(ends(judged.auditId)[0]);
    expect(verdicts).toBe(3 * 42);
    expect(5 * verdicts).toBeGreaterThanOrEqual(600);
    expect(of()).toEqual(before);
    expect(new Set(before).size).toBe(before.length / 3);
  });

  test('chosen checks, and configuration alone, are reported and change nothing', async () => {
    const [name = ''] = names();
    const chosen = await commandAudit(bus, { targets: [name] }, { checks: ['dkr.ns.*'] });
    const declared = await commandAudit(bus, { targets: [name] }, { mode: 'declared' });
    await until('both ends are told', () => ends(chosen.auditId).length + ends(declared.auditId).length === 2);
    expect(countOf(ends(chosen.auditId)[0])).toBe(6);
    expect(ends(declared.auditId)[0]?.data.summary.targets).toBe(1);
  });

  test('an unknown container is refused with the nearest names, a short id with its remedy; the audit id stays free', async () => {
    const [name = '', id = ''] = [bad[0]?.name, bad[0]?.id];
    const unknown = await commandAudit(bus, { targets: [`${name.slice(0, -1)}_`] }, { auditId: 'typo' });
    expect(unknown).toMatchObject({ outcome: 'rejected', code: 'E-NOT-FOUND', hint: expect.stringContaining(name) });
    const short = await commandAudit(bus, { targets: [id.slice(0, 6)] });
    expect(short).toMatchObject({ outcome: 'rejected', code: 'E-ISO-ID' });
    expect(await commandAudit(bus, { targets: [name] }, { auditId: 'typo' })).toMatchObject({ outcome: 'accepted' });
  });

  test('who asked for an audit, and how it ended, is kept in the archive; the service ends in order', async () => {
    const { commandId } = await commandAudit(bus, {});
    const text = () => readFileSync(join(auditor.folder, 'archive/isolation.db-wal'), 'latin1');
    await until('the record is written', () => text().includes(`"commandId":"${commandId}"`));
    expect(await auditor.process.stop()).toEqual({ code: 0, signal: null });
    await using archive = await openArchive(join(auditor.folder, 'archive/isolation.db'));
    const { rows } = await archive.auditLog.list({ limit: 500 });
    expect(rows.find(({ id }) => id === commandId)).toMatchObject({
      actor: 'operator',
      document: { outcome: 'accepted', type: 'isolation.audit-start', role: 'operator' },
    });
    expect(new Set(rows.map(({ document }) => document['outcome']))).toEqual(
      new Set(['accepted', 'duplicate', 'rejected']),
    );
    const runs = await archive.auditRuns.list({ limit: 500 });
    expect(runs.rows.length).toBeGreaterThan(5);
  });
});

/** Verdicts of an audit, passes included. */
function countOf(end: Received<AuditResult> | undefined): number {
  return Object.values(end?.data.summary.status ?? {}).reduce((sum: number, n) => sum + n, 0);
}
