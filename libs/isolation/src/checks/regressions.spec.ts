import { describe, expect, test } from 'vitest';

import { auditOf, failing, statusOf } from '../fixtures/audits.ts';
import { FLAGS } from '../fixtures/flags.ts';
import { bindMount, defaultInspect, hardenedInspect, volumeMount, type InspectDraft } from '../fixtures/inspect.ts';
import type { ProcessEvidence } from '../facts/process-evidence.ts';

function hardened(change: (draft: InspectDraft) => void): InspectDraft {
  const draft = hardenedInspect();
  change(draft);
  return draft;
}

describe('verdicts that docker-bench-security 1.6.0 gets wrong', () => {
  test('5.26: no-new-privileges=false is not a pass for containing the word', () => {
    for (const option of ['no-new-privileges=false', 'no-new-privileges:false', 'no-new-privilegesx']) {
      const draft = hardened(({ HostConfig }) => void (HostConfig.SecurityOpt = [option]));
      expect(statusOf(auditOf(draft, [], { mode: 'declared' }), 'dkr.nnp.missing')).toBe('fail');
    }
  });

  test('5.31: no user remapping in use is not a pass', () => {
    expect(statusOf(auditOf(hardenedInspect()), 'dkr.userns.host_mode')).toBe('not-applicable');
  });

  test('5.6: a directory below a sensitive one counts, read-only too, and a volume on /usr does not', () => {
    expect(
      failing(auditOf(hardened((draft) => bindMount(draft, '/etc/kubernetes/pki', '/p', { ro: true })))),
    ).toContain('dkr.mount.host_sensitive');
    expect(failing(auditOf(hardened((draft) => volumeMount(draft, 'programs', '/usr'))))).toEqual([]);
    expect(failing(auditOf(hardened((draft) => bindMount(draft, '/etcetera', '/etc'))))).toEqual([
      'dkr.mount.host_path',
    ]);
  });

  test('5.15: always has no retry count and is not a pass', () => {
    for (const [Name, MaximumRetryCount, status] of [
      ['always', 0, 'fail'],
      ['unless-stopped', 0, 'fail'],
      ['on-failure', 0, 'fail'],
      ['on-failure', 6, 'fail'],
      ['on-failure', 5, 'pass'],
      ['no', 0, 'pass'],
    ] as const) {
      const draft = hardened(({ HostConfig }) => void (HostConfig['RestartPolicy'] = { Name, MaximumRetryCount }));
      expect([Name, MaximumRetryCount, statusOf(auditOf(draft), 'dkr.restart.unbounded')]).toEqual([
        Name,
        MaximumRetryCount,
        status,
      ]);
    }
  });

  test('5.32: the socket is found under another name, by its directory, and of another engine', () => {
    for (const source of [
      '/run/docker.sock',
      '/var/run',
      '/run/containerd',
      '/run/podman/podman.sock',
      '/run/user/1000/docker.sock',
      '/run//docker.sock/',
    ]) {
      expect([
        source,
        failing(auditOf(hardened((draft) => bindMount(draft, source, '/some/other.name', { ro: true })))),
      ]).toEqual([source, expect.arrayContaining(['dkr.mount.runtime_socket'])]);
    }
  });

  test('stopped containers are not skipped', () => {
    const draft = defaultInspect();
    draft.State = { Status: 'exited', Running: false, Pid: 0 };
    expect(failing(auditOf(draft))).toContain('dkr.user.root');
  });
});

describe('verdicts that the predecessor got wrong', () => {
  test('two different containers get different audits', () => {
    const [plain, hard] = [auditOf(defaultInspect()), auditOf(hardenedInspect())];
    expect(failing(plain)).not.toEqual(failing(hard));
    expect(plain.groupId).not.toBe(hard.groupId);
    expect(plain.grade).not.toBe(hard.grade);
  });

  test('MKNOD and AUDIT_WRITE, which every container has, are no finding', () => {
    const draft = hardened(({ HostConfig }) => void Object.assign(HostConfig, { CapDrop: ['NET_RAW'] }));
    expect(failing(auditOf(draft))).toEqual([]);
  });

  test('a namespace is compared with the host, not with the word None', () => {
    const joined = hardened(({ HostConfig }) => void (HostConfig['PidMode'] = 'container:agent'));
    const agent = hardenedInspect('agent');
    agent.HostConfig['PidMode'] = 'host';
    for (const mode of ['declared', 'effective'] as const)
      expect(failing(auditOf(joined, [agent], { mode }))).toEqual(['dkr.ns.pid.host']);
  });

  test('a short id is no reason to fail', () => {
    const draft = hardenedInspect('short', 'abc');
    expect(auditOf(draft).target.id).toBe('abc');
  });

  test('an audit that is repeated gives the same verdicts', () => {
    expect(auditOf(defaultInspect())).toEqual(auditOf(defaultInspect()));
  });
});

describe('details that are easy to get wrong', () => {
  test('the default device rules b *:* m and c *:* m only make nodes', () => {
    for (const rule of ['b *:* m', 'c *:* m', 'c 1:3 rwm', 'b 8:0 rwm']) {
      expect([
        rule,
        failing(auditOf(hardened(({ HostConfig }) => void (HostConfig['DeviceCgroupRules'] = [rule])))),
      ]).toEqual([rule, []]);
    }
  });

  test('a filter that the program set up itself does not hide seccomp=unconfined', () => {
    const draft = hardened(({ HostConfig }) => HostConfig.SecurityOpt?.push('seccomp=unconfined'));
    const own = (evidence: ProcessEvidence): ProcessEvidence => ({
      ...evidence,
      seccomp: { value: 2, ref: '/proc/4242/status#Seccomp' },
    });
    expect(failing(auditOf(draft, [], { kernel: own }))).toEqual(['dkr.seccomp.disabled']);
  });

  test('files of the engine and other mounts below a read-only bind are no submounts of it', () => {
    const draft = hardened((target) => {
      bindMount(target, '/srv/etc', '/etc', { ro: true });
      volumeMount(target, 'data', '/etc/data');
    });
    expect(failing(auditOf(draft))).toEqual([]);
  });

  test('files that name namespaces below a read-only bind are no submounts of it', () => {
    const draft = hardened((target) => bindMount(target, '/run/docker', '/x', { ro: true }));
    expect(failing(auditOf(draft))).not.toContain('dkr.mount.ro_submounts');
    expect(failing(auditOf(draft))).toContain('dkr.mount.host_sensitive');
  });

  test('a bind without its submounts is read-only all the way down', () => {
    const draft = hardened((target) => {
      bindMount(target, '/srv/tree', '/x', { ro: true });
      target.HostConfig['Mounts'] = [
        { Type: 'bind', Source: '/srv/tree', Target: '/x', ReadOnly: true, BindOptions: { NonRecursive: true } },
      ];
    });
    expect(statusOf(auditOf(draft, [], { mode: 'declared' }), 'dkr.mount.ro_submounts')).toBe('pass');
  });

  test('symbolic links: the resolved source decides where the caller resolved it', () => {
    // Only text here: /var/run is a link into /run on every Linux.
    expect(failing(auditOf(hardened((draft) => bindMount(draft, '/var/run/docker.sock', '/s'))))).toEqual([
      'dkr.mount.runtime_socket',
    ]);
  });

  test('containers of one compose project may share, strangers may not', () => {
    const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
    const flag = FLAGS.find(({ name }) => name === 'volume of a stranger');
    const peer = flag?.peer?.() ?? hardenedInspect('stranger');
    const draft = hardened((target) => flag?.apply(target));
    draft.Config.Labels = labels;
    expect(failing(auditOf(draft, [peer]))).toEqual(['dkr.mount.volume_shared_rw']);
    peer.Config.Labels = { ...labels, 'com.docker.compose.service': 'db' };
    expect(failing(auditOf(draft, [peer]))).toEqual([]);
    // Two workloads without a tenant are each their own domain.
    draft.Config.Labels = {};
    peer.Config.Labels = {};
    expect(failing(auditOf(draft, [peer]))).toEqual(['dkr.mount.volume_shared_rw']);
  });

  test('an empty secret, a path to a secret and an ordinary URL pass', () => {
    for (const entry of [
      'DB_PASSWORD=',
      'DB_PASSWORD',
      'DB_PASSWORD_FILE=/run/secrets/db',
      'TOKEN_TTL=60',
      'URL=https://host:8080/path',
      'SECRET_NAME=db',
      'MONKEY=banana',
    ]) {
      expect([entry, failing(auditOf(hardened(({ Config }) => void (Config.Env = [entry]))))]).toEqual([entry, []]);
    }
  });

  test.each([
    'db_password=x',
    'AWS_SECRET_ACCESS_KEY=x',
    'CREDENTIALS=x',
    'DATABASE_URL=postgres://app:hunter2@db/app',
    `KEY=${['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ')}\nMIIE`,
    `ID=${'AKIA'}IOSFODNN7EXAMPLE`,
    `GH=${'ghp'}_0123456789abcdefghijABCDEFGHIJ012345`,
    'J=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  ])('a secret is found in %s', (entry) => {
    expect(failing(auditOf(hardened(({ Config }) => void (Config.Env = [entry]))))).toEqual(['dkr.secret.env']);
  });
});
