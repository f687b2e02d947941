import { RemoteError } from '@seatrial/bus';
import { Audit, CheckList, Explain, FindingGet, FindingList, MAX_BODY_BYTES, type ReplyOf } from '@seatrial/contracts';
import {
  createContainer,
  requireDocker,
  startBroker,
  startContainer,
  TEST_RUN,
  until,
  type Broker,
  type TestContainer,
} from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { person, startAuditor, type Auditor } from './auditor.ts';

const docker = await requireDocker();
/** More than one message of 256 KiB holds. */
const MANY = 40;

describe.skipIf(docker.skip !== undefined)('what the auditor answers', () => {
  let broker: Broker;
  let auditor: Auditor;
  let bus: Awaited<ReturnType<typeof person>>;
  let bad: TestContainer;
  const created: TestContainer[] = [];

  beforeAll(async () => {
    broker = await startBroker();
    bad = await startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } });
    for (let i = 0; i < MANY; i++)
      created.push(
        await createContainer(docker, {
          name: `seatrial-test-many-${i}-${TEST_RUN}`,
          hostConfig: { Privileged: true, NetworkMode: 'host', Binds: ['/:/host', '/etc:/etc/host', '/opt:/opt'] },
        }),
      );
    auditor = await startAuditor({ broker });
    bus = await person(broker);
    await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
  }, 300_000);

  afterAll(async () => {
    await bus?.close();
    await auditor?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
    for (const container of [bad, ...created]) await container?.[Symbol.asyncDispose]();
  }, 300_000);

  test('the catalogue has its 42 checks, each once and with its reasons', async () => {
    const { checks } = await bus.request(CheckList, {});
    expect(new Set(checks.map(({ id }) => id)).size).toBe(42);
    expect(checks.every(({ why, remedy, howToTest }) => why !== '' && remedy !== '' && howToTest !== '')).toBe(true);
  });

  test('a list of findings over 256 KiB comes in pages that each fit a message and together hold every finding once', async () => {
    const targets = created.map(({ name }) => name);
    const pages: ReplyOf<typeof FindingList>[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await bus.request(FindingList, { targets, limit: 500, ...(cursor !== undefined && { cursor }) });
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(MAX_BODY_BYTES);
      pages.push(page);
      cursor = page.cursor;
    }
    const all = pages.flatMap(({ findings }) => findings);
    expect(Buffer.byteLength(JSON.stringify(all))).toBeGreaterThan(MAX_BODY_BYTES);
    expect(pages.length).toBeGreaterThan(1);
    expect([all.length, new Set(all.map(({ fingerprint }) => fingerprint)).size]).toEqual([
      pages[0]?.total,
      pages[0]?.total,
    ]);
    expect(
      pages
        .flatMap((page) => page.targets)
        .map(({ name }) => name)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(targets.toSorted((a, b) => a.localeCompare(b)));
    const ranks = all.map(({ severity }) => ['critical', 'high', 'medium', 'low', 'info'].indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test('findings are filtered by check, severity, status, state and whether another one explains them', async () => {
    const of = (filter: Parameters<typeof FindingList.subjectOf>[0]) =>
      bus.request(FindingList, { targets: [bad.name], ...filter });
    const all = await of({});
    const ids = (reply: ReplyOf<typeof FindingList>) => reply.findings.map(({ checkId }) => checkId);
    expect(ids(await of({ checks: ['dkr.ns.*'] }))).toEqual(['dkr.ns.pid.host']);
    const high = await of({ atLeast: 'high' });
    expect(high.findings.every(({ severity }) => severity === 'high' || severity === 'critical')).toBe(true);
    expect([high.total > 0, high.total < all.total]).toEqual([true, true]);
    expect((await of({ states: ['resolved'] })).total).toBe(0);
    expect((await of({ statuses: ['unknown'] })).findings.every(({ status }) => status === 'unknown')).toBe(true);
    expect((await of({ primary: false })).findings.every(({ subsumedBy }) => subsumedBy !== undefined)).toBe(true);
    expect(all.targets).toMatchObject([{ name: bad.name, status: 'running', k: { host: expect.any(Number) } }]);
    await expect(of({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'E-USAGE' });
  });

  test('a synchronous audit gives the summary, the targets and what was found, worst first', async () => {
    const reply = await bus.request(Audit, { scope: { targets: [bad.id] }, mode: 'effective' }, { deadlineMs: 20_000 });
    expect(reply.targets.map(({ name }) => name)).toEqual([bad.name]);
    expect(reply.summary.targets).toBe(1);
    expect(reply.findings.map(({ checkId }) => checkId)).toContain('dkr.ns.pid.host');
    const declared = await bus.request(Audit, { scope: { targets: [bad.id] }, mode: 'declared' });
    expect(declared.findings.every(({ confidence }) => confidence === 'declared')).toBe(true);
  });

  test('any verdict is explained, passes included, from evidence that is read again', async () => {
    const fail = await bus.request(Explain, { checkId: 'dkr.ns.pid.host', target: bad.name });
    expect(fail).toMatchObject({ status: 'fail', confidence: 'effective', declared: 'HostConfig.PidMode: "host"' });
    expect(fail.evidence.map(({ ref }) => ref)).toContain(`/proc/${bad.pid}/ns/pid`);
    const pass = await bus.request(Explain, { checkId: 'dkr.ns.net.host', target: bad.id.slice(0, 12) });
    expect([pass.status, pass.message.length > 0, pass.evidence.length > 0]).toEqual(['pass', true, true]);
  });

  test('an unknown check or container is answered with the nearest names, a short id with its remedy', async () => {
    const explain = (checkId: string, target: string) => bus.request(Explain, { checkId, target });
    const check = explain('dkr.pid.hosts', bad.name);
    await expect(check).rejects.toBeInstanceOf(RemoteError);
    await expect(check).rejects.toMatchObject({
      code: 'E-NOT-FOUND',
      details: { nearest: expect.arrayContaining(['dkr.ns.pid.host']) },
    });
    await expect(explain('dkr.ns.pid.host', `${bad.name}x`)).rejects.toMatchObject({
      code: 'E-NOT-FOUND',
      details: { nearest: expect.arrayContaining([bad.name]) },
    });
    await expect(explain('dkr.ns.pid.host', bad.id.slice(0, 5))).rejects.toMatchObject({ code: 'E-ISO-ID' });
    await expect(explain('dkr.ns.pid.host', '\u0000\u202e../../etc')).rejects.toMatchObject({ code: 'E-NOT-FOUND' });
    await expect(bus.request(FindingGet, { fingerprint: 'ffffffff' })).rejects.toMatchObject({ code: 'E-NOT-FOUND' });
    const scope = { targets: ['no-such-container'] };
    await expect(bus.request(Audit, { scope, mode: 'effective' })).rejects.toMatchObject({ code: 'E-NOT-FOUND' });
  });
});
