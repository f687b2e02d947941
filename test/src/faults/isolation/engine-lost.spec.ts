import { DockerControl } from '@seatrial/docker';
import { FindingList } from '@seatrial/contracts';
import {
  createContainer,
  privateEngineImpossible,
  proxyEngine,
  requireDocker,
  startBroker,
  startContainer,
  startEngine,
  until,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { person, startAuditor, type Auditor } from '../../e2e/isolation/auditor.ts';
import { FindingLog } from '../../e2e/isolation/finding-log.ts';
import { SourceLog } from '../../e2e/isolation/source-log.ts';

const docker = await requireDocker();
const impossible = privateEngineImpossible();
const PID_HOST = 'dkr.ns.pid.host';
const LIMIT = 'dkr.limit.memory';
const hostConfig = { NetworkMode: 'none', PidMode: 'host' };

async function partOf(auditor: Auditor, part: string): Promise<unknown> {
  const report = (await (await auditor.health('/health/ready')).json()) as {
    status: string;
    parts: Record<string, unknown>;
  };
  return { status: report.status, part: report.parts[part] };
}

describe.skipIf(docker.skip !== undefined)('an engine that is lost', () => {
  test('leaves its findings open and stale; what changed meanwhile is found when it is back', async () => {
    await using broker = await startBroker();
    await using proxy = await proxyEngine(docker);
    const control = new DockerControl({ url: docker.url });
    await using bad = await startContainer(docker, { hostConfig });
    await using mended = await startContainer(docker, { hostConfig });
    await using removed = await startContainer(docker, { hostConfig });
    await using auditor = await startAuditor({
      broker,
      engines: [{ id: 'far', url: proxy.url }],
      settings: { RECONCILE_INTERVAL: '3600' },
    });
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    await using sources = new SourceLog(bus);
    for (const { name } of [bad, mended, removed]) await log.until(name, `${PID_HOST} open`);
    const stale = async () => (await bus.request(FindingList, { targets: [bad.name], statuses: ['fail'] })).findings;

    proxy.block();
    expect(await sources.until('far', 'down')).toMatchObject({ code: 'E-SRC-UNREACHABLE' });
    await until('all is stale', async () => (await stale()).every((finding) => finding.stale));
    expect((await stale()).length).toBeGreaterThan(5);
    expect(await partOf(auditor, 'engine far')).toMatchObject({
      status: 'degraded',
      part: { code: 'E-SRC-UNREACHABLE' },
    });
    expect(log.all.filter(({ data }) => data.state === 'resolved')).toEqual([]);

    // Five changes that nobody sees.
    await control.update(mended.id, { Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20 });
    await control.remove(removed.id);
    await using started = await startContainer(docker, { hostConfig });
    await using created = await createContainer(docker, { hostConfig: { Privileged: true } });
    await using ended = await startContainer(docker, { cmd: ['true'], hostConfig });
    proxy.restore();

    await sources.until('far', 'up');
    await log.until(mended.name, `${LIMIT} resolved fixed`);
    await log.until(removed.name, `${PID_HOST} resolved target-gone`);
    await log.until(started.name, `${PID_HOST} open`);
    await log.until(created.name, 'dkr.privileged open');
    await log.until(ended.name, `${PID_HOST} open`);
    await until('nothing is stale any more', async () => (await stale()).every((finding) => finding.stale !== true));
    expect(log.of(bad.name).filter((words) => words.includes('resolved'))).toEqual([]);
    expect(sources.of('far')).toEqual(['up', 'down', 'catching-up', 'up']);
    expect(await partOf(auditor, 'engine far')).toMatchObject({ status: 'ok' });
  });

  test('that is down from the start leaves the service ready; its findings of before are stale, not resolved', async () => {
    await using broker = await startBroker();
    await using proxy = await proxyEngine(docker);
    await using bad = await startContainer(docker, { hostConfig });
    const engines = [{ id: 'far', url: proxy.url }];
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    {
      await using first = await startAuditor({ broker, engines });
      await until('it is stored', async () => (await bus.request(FindingList, { targets: [bad.name] })).total > 0);
      await first.process.stop();
    }
    proxy.block();
    await using _second = await startAuditor({ broker, engines });
    const { findings } = await until('all is stale', async () => {
      const page = await bus.request(FindingList, { targets: [bad.name], statuses: ['fail'] });
      return page.total > 0 && page.findings.every((finding) => finding.stale) && page;
    });
    expect(findings.map(({ checkId }) => checkId)).toContain(PID_HOST);
    expect(log.of(bad.name).filter((words) => words.includes('resolved'))).toEqual([]);
  });

  test('does not make one that answers wait', async () => {
    await using broker = await startBroker();
    await using bad = await startContainer(docker, { hostConfig });
    await using _auditor = await startAuditor({
      broker,
      engines: [
        { id: 'near', url: docker.url },
        { id: 'nowhere', url: 'unix:///nowhere/docker.sock' },
      ],
    });
    await using bus = await person(broker);
    await using log = new FindingLog(bus);
    await using sources = new SourceLog(bus);
    await log.until(bad.name, `${PID_HOST} open`);
    expect(await sources.until('nowhere', 'down')).toMatchObject({ code: 'E-SRC-UNREACHABLE' });
    expect(sources.of('near')).not.toContain('down');
  });
});

describe.skipIf(docker.skip !== undefined || impossible !== undefined)(
  `an engine of its own${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    test('that is killed and starts again with another container list is caught up with', async () => {
      await using engine = await startEngine();
      await using broker = await startBroker();
      await using bad = await startContainer(engine, { hostConfig });
      await using _auditor = await startAuditor({
        broker,
        engines: [{ id: 'own', url: engine.url }],
        settings: { RECONCILE_INTERVAL: '3600' },
      });
      await using bus = await person(broker);
      await using log = new FindingLog(bus);
      await using sources = new SourceLog(bus);
      await log.until(bad.name, `${PID_HOST} open`);
      await engine.kill();
      await sources.until('own', 'down');
      expect(log.all.filter(({ data }) => data.state === 'resolved')).toEqual([]);
      await engine.start();
      await sources.until('own', 'up');
      await using again = await startContainer(engine, { hostConfig });
      await log.until(again.name, `${PID_HOST} open`);
      expect(log.of(bad.name).filter((words) => words.includes('resolved'))).toEqual([]);
    });

    test('that answers nothing although its connections stay open is told to be down, and is taken up again', async () => {
      await using engine = await startEngine();
      await using broker = await startBroker();
      await using bad = await startContainer(engine, { hostConfig });
      await using _auditor = await startAuditor({
        broker,
        engines: [{ id: 'own', url: engine.url }],
        settings: { RECONCILE_INTERVAL: '5' },
      });
      await using bus = await person(broker);
      await using log = new FindingLog(bus);
      await using sources = new SourceLog(bus);
      await log.until(bad.name, `${PID_HOST} open`);
      engine.freeze();
      await sources.until('own', 'down');
      await until('all is stale', async () => {
        const { findings } = await bus.request(FindingList, { targets: [bad.name], statuses: ['fail'] });
        return findings.length > 0 && findings.every((finding) => finding.stale);
      });
      engine.thaw();
      await sources.until('own', 'up');
      expect(log.all.filter(({ data }) => data.state === 'resolved')).toEqual([]);
    }, 120_000);
  },
);
