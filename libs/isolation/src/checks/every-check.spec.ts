import { describe, expect, test } from 'vitest';

import { audit } from '../audit/audit.ts';
import { factDocument } from '../facts/document.ts';
import { engineFacts } from '../facts/engine.ts';
import { hostReference } from '../facts/host-reference.ts';
import { PeerIndex } from '../facts/peer-index.ts';
import { auditOf, HOST, statusOf } from '../fixtures/audits.ts';
import { FLAGS } from '../fixtures/flags.ts';
import { bindMount, hardenedInspect } from '../fixtures/inspect.ts';
import { DOCKER_CHECKS, checkById, matchesGlob, selectChecks } from './catalogue.ts';
import { checkPage, checkRows } from './page.ts';

// The table of the scored set, written down a second time: an id that is lost or renamed shows here.
const SCORED =
  `dkr.privileged dkr.user.root dkr.nnp.missing dkr.caps.dangerous dkr.caps.extra dkr.caps.net_raw dkr.seccomp.disabled dkr.seccomp.permissive dkr.paths.unmasked dkr.ns.pid.host
dkr.ns.net.host dkr.ns.ipc.host dkr.ns.uts.host dkr.ns.cgroup.host_v2 dkr.ns.peer_shared dkr.userns.host_mode dkr.limit.memory dkr.limit.cpu dkr.limit.pids dkr.oom.disabled dkr.oom.score
dkr.cgroup_parent dkr.mount.runtime_socket dkr.mount.host_root dkr.mount.host_proc dkr.mount.host_sensitive dkr.mount.host_path dkr.mount.ro_submounts dkr.mount.propagation
dkr.mount.cgroup_rw dkr.mount.volume_shared_rw dkr.rootfs.writable dkr.device.host dkr.device.rule_wildcard dkr.sysctl.unsafe dkr.port.wildcard dkr.port.privileged dkr.secret.env
dkr.group.sensitive dkr.restart.unbounded dkr.healthcheck.missing dkr.path.host_escape`.split(/\s+/);

test('the catalogue holds the 42 ids of the scored set, each once', () => {
  expect(DOCKER_CHECKS.map((check) => check.id)).toEqual(SCORED);
  expect(new Set(SCORED).size).toBe(42);
});

describe.each(DOCKER_CHECKS)('$id', (check) => {
  test('passes, or does not apply, in the hardened container', () => {
    expect(statusOf(auditOf(hardenedInspect()), check.id)).toMatch(/^(?:pass|not-applicable)$/);
  });

  test('fails for a flag that stands for it', () => {
    const flag = FLAGS.find(
      ({ finds, escape }) => finds[0] === check.id || (check.id === 'dkr.path.host_escape' && escape === 'always'),
    );
    if (!flag) throw new Error(`no flag stands for ${check.id}`);
    const draft = hardenedInspect();
    flag.apply(draft);
    const audited = auditOf(draft, flag.peer ? [flag.peer()] : [], {
      info: flag.info,
    });
    const verdict = audited.verdicts.find((candidate) => candidate.check.id === check.id);
    expect(verdict?.status).toBe('fail');
    expect(verdict?.outcome.message).not.toBe('');
    expect(verdict?.outcome.cites.length).toBeGreaterThan(0);
  });

  test('is unknown when nothing can be known', () => {
    const empty = { Id: 'c'.repeat(64), Name: '/empty', Config: {}, HostConfig: {}, State: { Running: true, Pid: 7 } };
    const document = factDocument(empty, { salt: 's', host: 'h', origin: 'engine' });
    const audited = audit(document, {
      engine: engineFacts(undefined),
      host: hostReference({ name: 'h' }),
      peers: new PeerIndex([document]),
    });
    // Fields that the engine leaves out when they are empty say that they are.
    const omitted = ['dkr.sysctl.unsafe', 'dkr.healthcheck.missing'];
    expect(statusOf(audited, check.id)).toBe(
      omitted.includes(check.id) ? (check.id === 'dkr.sysctl.unsafe' ? 'pass' : 'fail') : 'unknown',
    );
    expect(audited.k.host).toBeNull();
  });

  test('is documented', () => {
    const page = checkPage(check);
    for (const part of [check.id, check.title, check.why, check.passesWhen, check.remedy]) {
      expect(part).not.toBe('');
      expect(page).toContain(part);
    }
    expect(check.maps.length).toBeGreaterThan(0);
  });
});

test('rows of the catalogue name what may explain a check', () => {
  const rows = new Map(checkRows().map((row) => [row.id, row.subsumedBy]));
  expect(rows.get('dkr.caps.net_raw')).toEqual(['dkr.privileged']);
  expect(rows.get('dkr.mount.host_sensitive')).toEqual(['dkr.mount.host_root', 'dkr.mount.runtime_socket']);
  expect(rows.get('dkr.path.host_escape')).toEqual([]);
});

test('checks are chosen by glob, and an unknown id names the nearest', () => {
  expect(selectChecks(['dkr.caps.*']).map((check) => check.id)).toEqual([
    'dkr.caps.dangerous',
    'dkr.caps.extra',
    'dkr.caps.net_raw',
  ]);
  expect(selectChecks(['*.host']).map((check) => check.id)).toContain('dkr.device.host');
  expect(selectChecks([])).toBe(DOCKER_CHECKS);
  expect(matchesGlob('dkr.caps.extra', '*a*a*')).toBe(true);
  expect(matchesGlob('aXb', 'a*Xb*b')).toBe(false);
  expect(() => checkById('dkr.mount.socket')).toThrow(
    expect.objectContaining({ code: 'E-NOT-FOUND', hint: expect.stringContaining('dkr.mount.runtime_socket') }),
  );
});

test('a sensitive directory beside the one that holds the socket is a finding of its own', () => {
  const draft = hardenedInspect();
  bindMount(draft, '/run', '/host/run');
  bindMount(draft, '/etc', '/host/etc');
  const verdict = auditOf(draft).verdicts.find((candidate) => candidate.check.id === 'dkr.mount.host_sensitive');
  expect(verdict).toMatchObject({ status: 'fail', primary: true });
});

test('the cheapest cut of several ways as root is not to run as root', () => {
  const draft = hardenedInspect();
  draft.Config['User'] = '';
  bindMount(draft, '/etc', '/a');
  bindMount(draft, '/var/run/docker.sock', '/b');
  const path = auditOf(draft).verdicts.find((candidate) => candidate.check.id === 'dkr.path.host_escape');
  expect(path?.outcome.message).toContain('Cheapest cut: dkr.user.root.');
  draft.Mounts.pop();
  const single = auditOf(draft).verdicts.find((candidate) => candidate.check.id === 'dkr.path.host_escape');
  expect(single?.outcome.message).toContain('Cheapest cut: dkr.mount.host_sensitive.');
  expect(single?.outcome).toMatchObject({
    path: [expect.stringContaining('as root'), expect.any(String), `root on ${HOST.name}`],
  });
});

test('the distance to the host counts the layers between', () => {
  for (const [runtime, k] of [
    ['runc', 1],
    ['runsc', 2],
    ['io.containerd.kata.v2', 2],
  ] as const) {
    const draft = hardenedInspect();
    draft.HostConfig['Runtime'] = runtime;
    expect(auditOf(draft).k.host).toBe(k);
  }
});
