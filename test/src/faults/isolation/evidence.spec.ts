import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { chown, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DockerControl } from '@seatrial/docker';
import { AuditCompleted, Explain, FindingList } from '@seatrial/contracts';
import {
  createContainer,
  privateEngineImpossible,
  requireDocker,
  startBroker,
  startContainer,
  startEngine,
  until,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { commandAudit, person, startAuditor, withoutImpossible } from '../../e2e/isolation/auditor.ts';
import { FindingLog } from '../../e2e/isolation/finding-log.ts';
import { recordRequests } from '../../e2e/isolation/recording-proxy.ts';
import { SourceLog } from '../../e2e/isolation/source-log.ts';

const docker = await requireDocker();
const privileged = withoutImpossible();
const impossible = privateEngineImpossible();
const PID_HOST = 'dkr.ns.pid.host';
const NOBODY = 65_534;
const apart = { NetworkMode: 'none' };

describe.skipIf(docker.skip !== undefined)('evidence that cannot be had', () => {
  test('a procfs without the processes of the engine: what only the kernel knows is unknown, and the source is told to be denied', async () => {
    const nothing = await mkdtemp(join(tmpdir(), 'seatrial-proc-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(nothing, { recursive: true }) };
    await using broker = await startBroker();
    await using plain = await startContainer(docker, { hostConfig: apart });
    await using auditor = await startAuditor({ broker, settings: { HOST_PROC: nothing } });
    await using bus = await person(broker);
    await using sources = new SourceLog(bus);
    const told = await sources.until('proc', 'denied');
    expect(told.code).toBe('E-ISO-NSREF');
    const verdict = await bus.request(Explain, { checkId: PID_HOST, target: plain.name });
    expect([verdict.status, verdict.message.length > 0]).toEqual(['unknown', true]);
    const { findings } = await bus.request(FindingList, { targets: [plain.name], statuses: ['unknown'], limit: 100 });
    expect(findings.map(({ checkId }) => checkId)).toEqual(
      expect.arrayContaining([PID_HOST, 'dkr.ns.net.host', 'dkr.ns.ipc.host', 'dkr.ns.uts.host']),
    );
    const report = (await (await auditor.health('/health/ready')).json()) as { status: string; parts: object };
    expect(report).toMatchObject({ status: 'degraded', parts: { 'engine docker': { code: 'E-ISO-NSREF' } } });
  });

  test.skipIf(privileged !== undefined)(
    `processes that may not be looked at are unknown, never a pass${privileged === undefined ? '' : ` (skipped: ${privileged})`}`,
    async () => {
      await using broker = await startBroker();
      // Another user's process shows its namespaces only to whoever may trace it.
      await using foreign = await startContainer(docker, { user: `${NOBODY}:${NOBODY}`, hostConfig: apart });
      await using _auditor = await startAuditor({ broker, without: ['sys_ptrace'] });
      await using bus = await person(broker);
      await using sources = new SourceLog(bus);
      const told = await sources.until('proc', 'denied');
      expect(told).toMatchObject({ code: 'E-SRC-PERM', message: expect.stringContaining('refused') });
      const verdict = await bus.request(Explain, { checkId: PID_HOST, target: foreign.name });
      expect([verdict.status, verdict.message]).toEqual(['unknown', expect.stringContaining('refused')]);
      // What may be read is still judged by the kernel.
      const other = await bus.request(Explain, { checkId: 'dkr.user.root', target: foreign.name });
      expect([other.status, other.confidence]).toEqual(['pass', 'effective']);
    },
  );

  test.skipIf(privileged !== undefined)(
    'an engine socket without permission leaves the service up and is told',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'seatrial-socket-'));
      const path = join(folder, 'engine.sock');
      const server = createServer().listen(path);
      await once(server, 'listening');
      await chown(path, NOBODY, NOBODY);
      await chmod(path, 0o600);
      await using _ = {
        [Symbol.asyncDispose]: async () => {
          server.close();
          await rm(folder, { recursive: true });
        },
      };
      await using broker = await startBroker();
      await using auditor = await startAuditor({
        broker,
        engines: [{ id: 'closed', url: `unix://${path}` }],
        without: ['dac_override', 'dac_read_search'],
      });
      await using bus = await person(broker);
      await using sources = new SourceLog(bus);
      expect(await sources.until('closed', 'denied')).toMatchObject({ code: 'E-SRC-PERM' });
      expect((await bus.request(FindingList, {})).total).toBe(0);
      expect(await commandAudit(bus)).toMatchObject({ outcome: 'rejected', code: 'E-SRC-PERM' });
      const answer = await auditor.health('/health/ready');
      const report = (await answer.json()) as { status: string };
      expect([answer.status, report.status, auditor.process.running]).toEqual([200, 'degraded', true]);
    },
  );

  test('a container that is gone between its event and its inspection is counted, and harms nobody', async () => {
    await using broker = await startBroker();
    await using proxy = await recordRequests(docker);
    await using auditor = await startAuditor({
      broker,
      engines: [{ id: 'docker', url: proxy.url }],
      settings: { RECONCILE_INTERVAL: '3600' },
    });
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
    const control = new DockerControl({ url: docker.url });
    await using ghost = await createContainer(docker);
    // Its events come after it is gone.
    proxy.hold((path) => path.includes('/containers/'));
    await using second = await createContainer(docker, { hostConfig: { PidMode: 'host' } });
    await until('it is asked for', () => proxy.requests.some(({ path }) => path.includes(second.id)));
    await control.remove(second.id);
    proxy.release();
    const counted = /seatrial_isolation_unread_total\{[^}]*code="E-ISO-EVIDENCE-GONE"[^}]*\} [1-9]/;
    await until('it is counted', async () => counted.test(await (await auditor.health('/metrics')).text()));
    expect(auditor.process.text()).toContain('E-ISO-EVIDENCE-GONE');
    await log.until(ghost.name, 'dkr.limit.memory open');
    expect(log.of(second.name)).toEqual([]);
  });
});

describe.skipIf(docker.skip !== undefined || impossible !== undefined)(
  `evidence that is too large${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    test('leaves out that container, says so, and does not keep the others from being audited', async () => {
      await using engine = await startEngine();
      await using broker = await startBroker();
      const label = 'x'.repeat(64 * 1024);
      const labels = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`label-${i}`, label]));
      await using huge = await createContainer(engine, { labels });
      await using plain = await startContainer(engine, { hostConfig: apart });
      await using _auditor = await startAuditor({ broker, engines: [{ id: 'own', url: engine.url }] });
      await using bus = await person(broker);
      await using log = new FindingLog(bus);
      await log.until(plain.name, 'dkr.limit.memory open');
      const { auditId } = await commandAudit(bus);
      const end = await until('its end is told', async () => {
        for await (const { data } of bus.read(AuditCompleted, { from: 'all', follow: false }))
          if (data.auditId === auditId) return data;
        return undefined;
      });
      expect(end).toMatchObject({ partial: true, unknownReasons: { 'E-ISO-TOO-LARGE': 1 }, summary: { targets: 1 } });
      expect(log.of(huge.name)).toEqual([]);
    });
  },
);
