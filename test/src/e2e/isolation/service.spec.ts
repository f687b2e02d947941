import { DockerControl } from '@seatrial/docker';
import { FindingGet, FindingList } from '@seatrial/contracts';
import {
  createContainer,
  requireDocker,
  startBroker,
  startContainer,
  TEST_RUN,
  until,
  type Broker,
} from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { person, startAuditor, type Auditor } from './auditor.ts';
import { FindingLog } from './finding-log.ts';

const docker = await requireDocker();
const LIMIT = 'dkr.limit.memory';
const PID_HOST = 'dkr.ns.pid.host';
const SHARED = 'dkr.mount.volume_shared_rw';
const JOINED = 'dkr.ns.peer_shared';

describe.skipIf(docker.skip !== undefined)('the auditor follows the containers of an engine', () => {
  let broker: Broker;
  let auditor: Auditor;
  let bus: Awaited<ReturnType<typeof person>>;
  let log: FindingLog;
  const control = new DockerControl({ url: docker.url });

  beforeAll(async () => {
    broker = await startBroker();
    // What is seen here is seen by events: the next comparison would come in an hour.
    auditor = await startAuditor({ broker, settings: { RECONCILE_INTERVAL: '3600' } });
    bus = await person(broker);
    log = new FindingLog(bus);
    await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
  }, 120_000);

  afterAll(async () => {
    await log?.[Symbol.asyncDispose]();
    await bus?.close();
    await auditor?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  test('a bad container that starts is found by what the kernel says, on a subject that names severity and check', async () => {
    await using bad = await startContainer(docker, { hostConfig: { PidMode: 'host' } });
    const found = await log.until(bad.name, `${PID_HOST} open`);
    expect(found.subject).toBe('seatrial.evt.v1.isolation.finding.open.high.dkr.ns.pid.host');
    const { data } = await until('its process was looked at', async () => {
      const { findings } = await bus.request(FindingList, { targets: [bad.id], checks: [PID_HOST] });
      return findings[0]?.confidence === 'effective' && { data: findings[0] };
    });
    expect(data.evidence.map(({ ref }) => ref)).toContain(`/proc/${bad.pid}/ns/pid`);
    expect(found.id).toBe(`${data.fingerprint}/open/1`);
    expect(found.data.cause.event).toMatch(/^(create|start) \d+\.\d{9}$/);
  });

  test('what is mended in place is resolved as fixed, and its history is kept', async () => {
    await using bad = await startContainer(docker);
    const opened = await log.until(bad.name, `${LIMIT} open`);
    await control.update(bad.id, { Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20 });
    const resolved = await log.until(bad.name, `${LIMIT} resolved fixed`);
    expect([resolved.data.previousState, resolved.data.cause.event]).toEqual([
      'open',
      expect.stringMatching(/^update /),
    ]);
    const { finding, history } = await until('the archive has both', async () => {
      const answer = await bus.request(FindingGet, { fingerprint: opened.data.fingerprint.slice(0, 16) });
      return answer.history.length === 2 && answer;
    });
    expect(finding.state).toBe('resolved');
    expect(history.map(({ state, reason, occurrence }) => [state, reason, occurrence])).toEqual([
      ['open', undefined, 1],
      ['resolved', 'fixed', 1],
    ]);
  });

  test('a removed container is resolved as gone; one that is made alike again has the same fingerprint and a second occurrence', async () => {
    const name = `seatrial-test-again-${TEST_RUN}`;
    await using _first = await startContainer(docker, { name, hostConfig: { PidMode: 'host' } });
    const first = await log.until(name, `${PID_HOST} open`);
    await control.remove(name);
    await log.until(name, `${PID_HOST} resolved target-gone`);
    await using second = await startContainer(docker, { name, hostConfig: { PidMode: 'host' } });
    await until('it is open again', () => log.changes(name, PID_HOST).length === 3);
    const again = log.changes(name, PID_HOST)[2];
    expect(again?.data).toMatchObject({
      fingerprint: first.data.fingerprint,
      occurrence: 2,
      previousState: 'resolved',
    });
    expect(again?.data.target.id).toBe(second.id);
    expect(again?.id).not.toBe(first.id);
  });

  test('a container that is only created is judged by its configuration', async () => {
    // The runtime may refuse to start it; what it would be is known all the same.
    await using created = await createContainer(docker, { hostConfig: { Privileged: true } });
    const found = await log.until(created.name, 'dkr.privileged open');
    expect([found.data.confidence, found.data.severity]).toEqual(['declared', 'critical']);
  });

  test('a container that lives for some milliseconds is judged before it is forgotten', async () => {
    await using brief = await startContainer(docker, {
      cmd: ['true'],
      hostConfig: { PidMode: 'host', AutoRemove: true },
    });
    const found = await log.until(brief.name, `${PID_HOST} open`);
    await log.until(brief.name, `${PID_HOST} resolved target-gone`);
    expect(found.data.target.id).toBe(brief.id);
  });

  test('whoever shares a volume for writing is judged anew when the other comes and when it goes', async () => {
    const volume = `seatrial-test-${TEST_RUN}`;
    await control.createVolume(volume, { 'io.seatrial.test': TEST_RUN });
    await using _ = { [Symbol.asyncDispose]: () => control.removeVolume(volume) };
    const binds = { NetworkMode: 'none', Binds: [`${volume}:/data`] };
    await using one = await startContainer(docker, { hostConfig: binds });
    await log.until(one.name, `${LIMIT} open`);
    expect(log.of(one.name)).not.toContain(`${SHARED} open`);
    await using other = await startContainer(docker, { hostConfig: binds });
    const opened = await log.until(one.name, `${SHARED} open`);
    expect(opened.data.cause.event).toBeDefined();
    await control.remove(other.id);
    const mended = await log.until(one.name, `${SHARED} resolved fixed`);
    expect(mended.data.target.id).toBe(one.id);
  });

  test('whose namespace is joined is judged anew when the other comes and when it goes', async () => {
    await using owner = await startContainer(docker, { hostConfig: { NetworkMode: 'none' } });
    await log.until(owner.name, `${LIMIT} open`);
    await using joiner = await startContainer(docker, { hostConfig: { NetworkMode: `container:${owner.id}` } });
    await log.until(owner.name, `${JOINED} open`);
    await log.until(joiner.name, `${JOINED} open`);
    await control.remove(joiner.id);
    const mended = await log.until(owner.name, `${JOINED} resolved fixed`);
    expect(mended.data.target.id).toBe(owner.id);
  });

  test('two different containers get different verdicts', async () => {
    await using plain = await startContainer(docker);
    await using bad = await startContainer(docker, { hostConfig: { IpcMode: 'host' } });
    await log.until(bad.name, 'dkr.ns.ipc.host open');
    await log.until(plain.name, `${LIMIT} open`);
    expect(log.of(plain.name)).not.toContain('dkr.ns.ipc.host open');
  });

  test('its metrics count findings by check, and the time from event to finding', async () => {
    const text = await (await auditor.health('/metrics')).text();
    expect(text).toMatch(/seatrial_isolation_findings\{[^}]*check="dkr\.ns\.pid\.host"[^}]*\} [1-9]/);
    expect(text).toMatch(/seatrial_isolation_event_to_finding_seconds_count(\{[^}]*\})? [1-9]/);
    expect(text).toMatch(/seatrial_isolation_audits_total\{[^}]*trigger="start"[^}]*\} 1\b/);
  });
});
