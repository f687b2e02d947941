import { beforeEach, describe, expect, test } from 'vitest';

import { EngineReader, type Unread } from '../evidence/engine-reader.ts';
import { FakeEngine, inspectOf, type FakeContainer } from '../testing/fake-engine.ts';
import { FakeStore } from '../testing/fake-store.ts';
import { type AuditRequest, EngineAuditor } from './engine-auditor.ts';

const PID_HOST = 'dkr.ns.pid.host';
const SHARED = 'dkr.mount.volume_shared_rw';
const signal = new AbortController().signal;
const bad = (id: string, more: Partial<FakeContainer> = {}): FakeContainer => ({
  id,
  state: 'exited',
  hostConfig: { PidMode: 'host' },
  ...more,
});

function request(more: Partial<AuditRequest> = {}): AuditRequest {
  return { auditId: 'a1', trigger: 'command', scope: {}, mode: 'effective', signal, ...more };
}

describe('the audits of one engine', () => {
  let engine: FakeEngine;
  let store: FakeStore;
  let unread: Unread[];

  /** @param procRoot folder of the kernel's files; without one the engine is on another machine */
  function auditorOf(id = 'docker', procRoot?: string): EngineAuditor {
    const roots = procRoot === undefined ? undefined : { procRoot };
    const reader = new EngineReader(engine, { id, salt: 'salt', roots, socket: undefined });
    const onUnread = (each: Unread): void => void unread.push(each);
    return new EngineAuditor({ id, reader, store, allow: { paths: [], cgroupParents: [] }, onUnread });
  }
  const look = (auditor: EngineAuditor, ...ids: string[]) =>
    auditor.some(
      ids.map((id) => ({ id })),
      { event: 'start' },
      signal,
    );

  beforeEach(() => {
    engine = new FakeEngine();
    store = new FakeStore();
    unread = [];
  });

  test('an equal result publishes nothing, on a full look and after an event', async () => {
    engine.put(...Array.from({ length: 20 }, (_, i) => bad(`c${i}`)));
    const auditor = auditorOf();
    const first = await auditor.all(request());
    expect(first.opened.length).toBeGreaterThan(50);
    expect(store.taken()).toHaveLength(first.opened.length);
    const second = await auditor.all(request());
    await look(auditor, 'c1', 'c2');
    expect([second.opened, second.resolved, store.taken()]).toEqual([[], [], []]);
  });

  test('one list, one inspect a container, and the engine itself', async () => {
    engine.put(bad('a'), bad('b'));
    await auditorOf().all(request());
    expect(engine.requests.toSorted((a, b) => a.localeCompare(b))).toEqual(['info', 'inspect a', 'inspect b', 'list']);
  });

  test('before the first look at everything an event resolves nothing', async () => {
    engine.put(bad('a'), bad('b'));
    await auditorOf().all(request());
    store.taken();
    const restarted = auditorOf();
    await look(restarted, 'a');
    expect([store.taken(), store.open('name-of-b')]).toEqual([[], store.open('name-of-a')]);
    expect(store.open('name-of-b')).toContain(PID_HOST);
  });

  test('what is mended is resolved as fixed, what is removed as gone', async () => {
    engine.put(bad('a'), bad('b'));
    const auditor = auditorOf();
    await auditor.all(request());
    store.taken();
    engine.put(bad('a', { hostConfig: {} }));
    engine.remove('b');
    await look(auditor, 'a', 'b');
    expect(store.taken('a')).toEqual([`${PID_HOST} resolved fixed`]);
    expect(store.open('name-of-b')).toEqual([]);
  });

  test('a peer that shares a volume is judged anew when the other comes and when it goes', async () => {
    engine.put(bad('a', { volumes: ['data'] }));
    const auditor = auditorOf();
    await auditor.all(request());
    store.taken();
    engine.put(bad('b', { volumes: ['data'] }));
    await look(auditor, 'b');
    expect(store.taken('a')).toEqual([`${SHARED} open`]);
    engine.remove('b');
    await look(auditor, 'b');
    expect(store.taken('a')).toEqual([`${SHARED} resolved fixed`]);
  });

  test('lost evidence of the kernel resolves nothing: what was found stays open and is stale', async () => {
    engine.put(bad('a'));
    await auditorOf().all(request());
    store.taken();
    // Its configuration is mended and it runs, but no process of it is to be seen.
    engine.put(bad('a', { state: 'running', hostConfig: {} }));
    await auditorOf('docker', '/nowhere').all(request());
    expect(store.taken()).toEqual([]);
    expect(store.open('name-of-a')).toContain(`${PID_HOST} stale`);
  });

  test.each(['too-large', 'malformed'] as const)(
    'a container whose document is %s keeps its findings, and the others are audited',
    async (trouble) => {
      engine.put(bad('a'), bad('b'));
      const auditor = auditorOf();
      await auditor.all(request());
      store.taken();
      engine.put(bad('a', { trouble }), bad('c'));
      const audit = await auditor.all(request());
      expect(audit.unread.map(({ error }) => error.code)).toEqual([
        trouble === 'malformed' ? 'E-ISO-FACTS' : 'E-ISO-TOO-LARGE',
      ]);
      expect(store.taken().filter((change) => change.includes('resolved'))).toEqual([]);
      expect(store.open('name-of-a')).toContain(`${PID_HOST} stale`);
      expect(store.open('name-of-c')).toContain(PID_HOST);
      await look(auditor, 'a');
      expect(store.open('name-of-a')).toContain(`${PID_HOST} stale`);
    },
  );

  test('an engine that does not answer leaves everything as it was; once it is known to be lost, everything is stale until it is back', async () => {
    engine.put(bad('a'));
    const auditor = auditorOf();
    await auditor.all(request());
    store.taken();
    engine.down = true;
    await expect(auditor.all(request())).rejects.toThrow('it is down');
    await expect(look(auditor, 'a')).rejects.toThrow('it is down');
    expect(store.open('name-of-a')).toContain(PID_HOST);
    await auditor.lost({ event: 'source lost' });
    expect(store.open('name-of-a').every((finding) => finding.endsWith(' stale'))).toBe(true);
    engine.down = false;
    await auditor.all(request());
    expect([store.taken(), store.open('name-of-a').filter((finding) => finding.endsWith(' stale'))]).toEqual([[], []]);
  });

  test('findings of an engine that is down from the start on are stale, those of another engine are not', async () => {
    engine.put(bad('a'));
    await auditorOf('one').all(request());
    await auditorOf('two').all(request());
    await auditorOf('one').lost({ event: 'source lost' });
    const stale = store.all.filter((finding) => finding.stale).map(({ target }) => target.host);
    expect(new Set(stale)).toEqual(new Set(['machine/one']));
  });

  test('a container that came and went before its turn is judged by the configuration it was created with', async () => {
    const auditor = auditorOf();
    await auditor.all(request());
    const held = inspectOf(bad('brief', { state: 'created' }));
    const changes = await auditor.some([{ id: 'brief', held }], { event: 'create' }, signal);
    expect(store.taken()).toEqual(expect.arrayContaining([`${PID_HOST} open`, `${PID_HOST} resolved target-gone`]));
    expect(changes.opened.length).toBe(changes.resolved.length);
    expect([unread, auditor.audits]).toEqual([[], []]);
  });

  test('the first container that runs leads to the namespaces of its engine, without waiting for the next full look', async () => {
    const pids: unknown[] = [];
    const reader = new EngineReader(engine, { id: 'docker', salt: 'salt', roots: undefined, socket: undefined });
    const surroundings = reader.surroundings.bind(reader);
    reader.surroundings = (pid, stop) => {
      pids.push(pid);
      return surroundings(pid, stop);
    };
    const allow = { paths: [], cgroupParents: [] };
    const auditor = new EngineAuditor({ id: 'docker', reader, store, allow, onUnread: () => undefined });
    await auditor.all(request());
    engine.put(bad('a'));
    await look(auditor, 'a');
    engine.put({ id: 'b' });
    await look(auditor, 'b');
    await look(auditor, 'b');
    expect(pids).toEqual([undefined, 4242]);
  });

  test('one of which nothing was seen is counted as gone', async () => {
    const auditor = auditorOf();
    await auditor.all(request());
    await look(auditor, 'ghost');
    expect(unread.map(({ error }) => error.code)).toEqual(['E-ISO-EVIDENCE-GONE']);
  });

  test('a look at some checks, or at configuration alone, changes no finding', async () => {
    engine.put(bad('a'));
    const auditor = auditorOf();
    const checks = await auditor.all(request({ checks: ['dkr.ns.*'] }));
    const declared = await auditor.all(request({ mode: 'declared' }));
    expect([checks.audits.length, declared.audits.length, store.taken(), auditor.asOf]).toEqual([1, 1, [], undefined]);
    expect(checks.audits[0]?.verdicts.every(({ check }) => check.id.startsWith('dkr.ns.'))).toBe(true);
  });

  test('a query on a replica without the lease looks and writes nothing', async () => {
    engine.put(bad('a'));
    const auditor = auditorOf();
    await auditor.all(request({ trigger: 'query' }));
    expect([auditor.audits.length, store.taken()]).toEqual([1, []]);
    auditor.leads = true;
    await auditor.all(request({ trigger: 'query' }));
    expect(store.taken()).toContain(`${PID_HOST} open`);
  });

  test('the scope chooses what is reported, not what is compared', async () => {
    engine.put(bad('a'), bad('b', { labels: { 'io.seatrial.tenant': 'shop' } }));
    const auditor = auditorOf();
    const byName = await auditor.all(request({ scope: { targets: ['name-of-a'] } }));
    const byLabel = await auditor.all(request({ scope: { labels: { 'io.seatrial.tenant': 'shop' } } }));
    const reported = [byName, byLabel].map(({ audits }) => audits.map(({ target }) => target.id));
    expect(reported).toEqual([['a'], ['b']]);
    expect(store.open('name-of-b')).toContain(PID_HOST);
  });

  test('of two containers with one identity the newer counts, and the older again when that is gone', async () => {
    const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
    engine.put(bad('old', { labels, created: '2026-11-25T01:00:00Z' }));
    const auditor = auditorOf();
    await auditor.all(request());
    store.taken();
    engine.put({ id: 'new', state: 'exited', labels, created: '2026-11-25T02:00:00Z' });
    await look(auditor, 'new');
    expect(store.taken()).toContain(`${PID_HOST} resolved fixed`);
    engine.remove('new');
    await look(auditor, 'new');
    expect(store.taken()).toContain(`${PID_HOST} open`);
  });

  test('a look that began earlier does not overwrite what a later one saw', async () => {
    engine.put(bad('a'));
    const auditor = auditorOf();
    await auditor.all(request());
    const gate = Promise.withResolvers<void>();
    engine.hold = gate.promise;
    const early = auditor.all(request());
    const late = look(auditor, 'a');
    engine.put(bad('a', { hostConfig: {} }));
    gate.resolve();
    await Promise.all([early, late]);
    expect(store.open('name-of-a')).not.toContain(PID_HOST);
  });
});
