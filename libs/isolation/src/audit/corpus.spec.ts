import { describe, expect, test } from 'vitest';

import { auditOf, failing, idsWith, type World } from '../fixtures/audits.ts';
import { ALLOW_ALL_PROFILE } from '../fixtures/flags.ts';
import { bindMount, defaultInspect, hardenedInspect, volumeMount, type InspectDraft } from '../fixtures/inspect.ts';

const ESCAPE = 'dkr.path.host_escape';

interface Defect {
  readonly name: string;
  readonly apply: (draft: InspectDraft) => void;
  readonly ids: readonly string[];
  readonly severity?: string;
  readonly escapes?: true;
  readonly peer?: () => InspectDraft;
}

const host = (fields: Record<string, unknown>) => (draft: InspectDraft) => void Object.assign(draft.HostConfig, fields);
const bind =
  (source: string, ro = false) =>
  (draft: InspectDraft) =>
    bindMount(draft, source, '/x', { ro });

function onHost(kind: 'PidMode' | 'NetworkMode'): InspectDraft {
  const peer = hardenedInspect('agent');
  peer.HostConfig[kind] = 'host';
  return peer;
}

function sharing(): InspectDraft {
  const peer = hardenedInspect('stranger');
  volumeMount(peer, 'shared', '/data');
  return peer;
}

/** Each on the default profile; detected = its id fires beyond those of the default. docker-bench-security finds only the first twelve. */
const DEFECTS: readonly Defect[] = [
  {
    name: 'privileged',
    apply: host({ Privileged: true, MaskedPaths: null, ReadonlyPaths: null }),
    ids: ['dkr.privileged'],
    escapes: true,
  },
  {
    name: 'all capabilities',
    apply: host({ CapAdd: ['ALL'] }),
    ids: ['dkr.caps.dangerous', 'dkr.caps.extra'],
    escapes: true,
  },
  {
    name: 'SYS_ADMIN',
    apply: host({ CapAdd: ['SYS_ADMIN'] }),
    ids: ['dkr.caps.dangerous'],
    severity: 'critical',
    escapes: true,
  },
  { name: 'engine socket', apply: bind('/var/run/docker.sock'), ids: ['dkr.mount.runtime_socket'], escapes: true },
  { name: 'host pid', apply: host({ PidMode: 'host' }), ids: ['dkr.ns.pid.host'] },
  { name: 'host net', apply: host({ NetworkMode: 'host' }), ids: ['dkr.ns.net.host'] },
  { name: 'host ipc', apply: host({ IpcMode: 'host' }), ids: ['dkr.ns.ipc.host'] },
  { name: 'host uts', apply: host({ UTSMode: 'host' }), ids: ['dkr.ns.uts.host'] },
  { name: '/proc', apply: bind('/proc'), ids: ['dkr.mount.host_proc'], escapes: true },
  { name: 'seccomp off', apply: host({ SecurityOpt: ['seccomp=unconfined'] }), ids: ['dkr.seccomp.disabled'] },
  {
    name: 'published port',
    apply: host({ PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } }),
    ids: ['dkr.port.wildcard'],
  },
  {
    name: 'disk',
    apply: host({ Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda' }] }),
    ids: ['dkr.device.host'],
    severity: 'critical',
    escapes: true,
  },
  {
    name: 'root directory, read-only',
    apply: bind('/', true),
    ids: ['dkr.mount.host_root', 'dkr.mount.ro_submounts'],
    escapes: true,
  },
  { name: '/var/run', apply: bind('/var/run'), ids: ['dkr.mount.runtime_socket'], escapes: true },
  { name: '/etc, read-only', apply: bind('/etc', true), ids: ['dkr.mount.host_sensitive'], severity: 'high' },
  {
    name: '/var/lib/docker, read-only',
    apply: bind('/var/lib/docker', true),
    ids: ['dkr.mount.host_sensitive'],
    severity: 'high',
  },
  {
    name: 'allow-all profile',
    apply: host({ SecurityOpt: [`seccomp=${ALLOW_ALL_PROFILE}`] }),
    ids: ['dkr.seccomp.permissive'],
  },
  {
    name: 'no-new-privileges=false',
    apply: host({ SecurityOpt: ['no-new-privileges=false'] }),
    ids: ['dkr.nnp.missing'],
  },
  {
    name: 'joins a container on the host pid',
    apply: host({ PidMode: 'container:agent' }),
    ids: ['dkr.ns.pid.host'],
    peer: () => onHost('PidMode'),
  },
  {
    name: 'joins a container on the host net',
    apply: host({ NetworkMode: 'container:agent' }),
    ids: ['dkr.ns.net.host'],
    peer: () => onHost('NetworkMode'),
  },
  {
    name: 'cgroup file system',
    apply: bind('/sys/fs/cgroup/memory'),
    ids: ['dkr.mount.cgroup_rw', 'dkr.mount.host_sensitive'],
  },
  {
    name: 'unmasked paths',
    apply: host({ MaskedPaths: [], ReadonlyPaths: [] }),
    ids: ['dkr.paths.unmasked'],
    escapes: true,
  },
  {
    name: 'secret in the environment',
    apply: (draft) => void (draft.Config.Env = ['API_TOKEN=x']),
    ids: ['dkr.secret.env'],
  },
  {
    name: 'restart always',
    apply: host({ RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } }),
    ids: ['dkr.restart.unbounded'],
  },
  {
    name: 'shared volume',
    apply: (draft) => volumeMount(draft, 'shared', '/data'),
    ids: ['dkr.mount.volume_shared_rw'],
    peer: sharing,
  },
  { name: 'unsafe sysctl', apply: host({ Sysctls: { 'kernel.msgmax': '65536' } }), ids: ['dkr.sysctl.unsafe'] },
  {
    name: 'device rule',
    apply: host({ DeviceCgroupRules: ['b *:* rwm'] }),
    ids: ['dkr.device.rule_wildcard'],
    escapes: true,
  },
  {
    name: 'group 0',
    apply(draft) {
      draft.Config['User'] = '1000:1000';
      draft.HostConfig['GroupAdd'] = ['0'];
    },
    ids: ['dkr.group.sensitive'],
  },
];

describe.each(['declared', 'effective'] as const)('the 28 planted defects, by %s evidence', (mode) => {
  const world: World = { mode };
  const floor = failing(auditOf(defaultInspect(), [], world));

  test('there are 28', () => {
    expect(DEFECTS).toHaveLength(28);
  });

  test.each(DEFECTS)('$name', ({ apply, ids, severity, escapes, peer }) => {
    const draft = defaultInspect();
    apply(draft);
    const audit = auditOf(draft, peer ? [peer()] : [], world);
    const fresh = failing(audit).filter((id) => !floor.includes(id) || id === 'dkr.nnp.missing');
    const primary = audit.verdicts
      .filter((verdict) => verdict.primary && fresh.includes(verdict.check.id))
      .map((verdict) => verdict.check.id);
    const expected = [...ids, ...(escapes ? [ESCAPE] : []), 'dkr.nnp.missing'];
    expect(primary.sort()).toEqual([...new Set(expected)].sort());
    expect(audit.k.host).toBe(escapes ? 0 : 1);
    const base = audit.verdicts.find((verdict) => verdict.check.id === ids[0])?.severityBase;
    expect(base).toBe(severity ?? base);
  });

  test('the hardened profile yields none', () => {
    const audit = auditOf(hardenedInspect(), [], world);
    expect([...failing(audit), ...idsWith(audit, 'unknown')]).toEqual([]);
  });
});
