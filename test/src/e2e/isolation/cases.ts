import { existsSync } from 'node:fs';

/** A container on the real engine and what must be found in it, beyond nothing: the base is hardened. */
export interface RealCase {
  readonly name: string;
  /** Check ids that fail, subsumed ones included; `dkr.path.host_escape` where a way to the host is open. */
  readonly finds: readonly string[];
  readonly hostConfig?: Readonly<Record<string, unknown>>;
  readonly user?: string;
  readonly env?: readonly string[];
  readonly body?: Readonly<Record<string, unknown>>;
  /** Never started: it would touch what is not ours, e.g. a system port. */
  readonly createOnly?: true;
  /** The runtime needs a privilege of the host for it (CAP_SYS_RESOURCE) that sandboxes lack: where it refuses to start it, the created container is judged. */
  readonly mayBeRefused?: true;
  /** Without the hardening: what `docker run IMAGE` gives. */
  readonly plain?: true;
  /** Options that the engine is pretended to report, where this one has no such feature; the container and its evidence are real. */
  readonly securityOptions?: readonly string[];
  /** Checks on which configuration and kernel must disagree: real drift. */
  readonly drift?: readonly string[];
}

export const ESCAPE = 'dkr.path.host_escape';
export const ALLOW_ALL = `seccomp=${JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] })}`;
export const DISK = ['/dev/loop0', '/dev/vda', '/dev/sda'].find((path) => existsSync(path)) ?? '/dev/sda';
/** A controller of cgroup v1, or the whole tree of v2. */
export const CGROUP = existsSync('/sys/fs/cgroup/memory') ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';

export const binds = (...list: string[]) => ({ Binds: list });
export const device = (path: string) => ({
  Devices: [{ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' }],
});

/** Names that cases refer to with `container:` are made by the fleet, with its prefix. */
export const PREFIX_MARK = '{prefix}';

export const CASES: readonly RealCase[] = [
  { name: 'hardened', finds: [] },
  {
    name: 'plain',
    plain: true,
    finds: [
      'dkr.user.root',
      'dkr.nnp.missing',
      'dkr.caps.net_raw',
      'dkr.limit.memory',
      'dkr.limit.cpu',
      'dkr.limit.pids',
      'dkr.rootfs.writable',
      'dkr.healthcheck.missing',
    ],
  },
  {
    name: 'privileged',
    mayBeRefused: true,
    hostConfig: { Privileged: true },
    finds: [
      'dkr.privileged',
      'dkr.caps.dangerous',
      'dkr.caps.extra',
      'dkr.caps.net_raw',
      'dkr.seccomp.disabled',
      'dkr.paths.unmasked',
      'dkr.mount.cgroup_rw',
      'dkr.device.host',
      'dkr.device.rule_wildcard',
      ESCAPE,
    ],
  },
  { name: 'root', user: '0:0', finds: ['dkr.user.root'] },
  { name: 'user-without-group', user: '4321', finds: ['dkr.group.sensitive'], drift: ['dkr.group.sensitive'] },
  { name: 'nnp-false', hostConfig: { SecurityOpt: ['no-new-privileges=false'] }, finds: ['dkr.nnp.missing'] },
  { name: 'cap-sys-module', hostConfig: { CapAdd: ['SYS_MODULE'] }, finds: ['dkr.caps.dangerous', ESCAPE] },
  { name: 'cap-syslog', hostConfig: { CapAdd: ['SYSLOG'] }, finds: ['dkr.caps.dangerous'] },
  { name: 'cap-net-admin', hostConfig: { CapAdd: ['NET_ADMIN'] }, finds: ['dkr.caps.extra'] },
  { name: 'cap-net-raw', hostConfig: { CapAdd: ['NET_RAW'] }, finds: ['dkr.caps.net_raw'] },
  {
    name: 'cap-all',
    hostConfig: { CapAdd: ['ALL'], CapDrop: ['SYS_RESOURCE'] },
    finds: ['dkr.caps.dangerous', 'dkr.caps.extra', 'dkr.caps.net_raw', ESCAPE],
  },
  {
    name: 'seccomp-off',
    hostConfig: { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] },
    finds: ['dkr.seccomp.disabled'],
  },
  {
    name: 'seccomp-open',
    hostConfig: { SecurityOpt: ['no-new-privileges', ALLOW_ALL] },
    finds: ['dkr.seccomp.permissive'],
  },
  { name: 'unmasked', hostConfig: { MaskedPaths: [], ReadonlyPaths: [] }, finds: ['dkr.paths.unmasked'] },
  {
    name: 'unmasked-root',
    user: '0:0',
    hostConfig: { MaskedPaths: [], ReadonlyPaths: [] },
    finds: ['dkr.paths.unmasked', 'dkr.user.root', ESCAPE],
  },
  { name: 'pid-host', hostConfig: { PidMode: 'host' }, finds: ['dkr.ns.pid.host'] },
  { name: 'net-host', hostConfig: { NetworkMode: 'host' }, finds: ['dkr.ns.net.host'] },
  { name: 'ipc-host', hostConfig: { IpcMode: 'host' }, finds: ['dkr.ns.ipc.host'] },
  { name: 'uts-host', hostConfig: { UTSMode: 'host' }, finds: ['dkr.ns.uts.host'] },
  { name: 'pid-joins-host', hostConfig: { PidMode: `container:${PREFIX_MARK}pid-host` }, finds: ['dkr.ns.pid.host'] },
  {
    name: 'net-joins-host',
    hostConfig: { NetworkMode: `container:${PREFIX_MARK}net-host` },
    finds: ['dkr.ns.net.host'],
  },
  {
    name: 'cgroup-host',
    hostConfig: { CgroupnsMode: 'host' },
    securityOptions: ['name=cgroupns'],
    finds: ['dkr.ns.cgroup.host_v2'],
  },
  { name: 'cgroup-private', hostConfig: { CgroupnsMode: 'private' }, securityOptions: ['name=cgroupns'], finds: [] },
  { name: 'net-owner', finds: ['dkr.ns.peer_shared'] },
  {
    name: 'net-joiner',
    hostConfig: { NetworkMode: `container:${PREFIX_MARK}net-owner` },
    finds: ['dkr.ns.peer_shared'],
  },
  {
    name: 'userns-host',
    hostConfig: { UsernsMode: 'host' },
    securityOptions: ['name=userns'],
    finds: ['dkr.userns.host_mode'],
  },
  { name: 'no-memory', hostConfig: { Memory: 0 }, finds: ['dkr.limit.memory'] },
  { name: 'no-cpu', hostConfig: { NanoCpus: 0 }, finds: ['dkr.limit.cpu'] },
  { name: 'no-pids', hostConfig: { PidsLimit: -1 }, finds: ['dkr.limit.pids'] },
  {
    name: 'oom-off',
    hostConfig: { OomKillDisable: true },
    finds: existsSync('/sys/fs/cgroup/memory') ? ['dkr.oom.disabled'] : [],
  },
  { name: 'oom-score', mayBeRefused: true, hostConfig: { OomScoreAdj: -500 }, finds: ['dkr.oom.score'] },
  { name: 'cgroup-parent', createOnly: true, hostConfig: { CgroupParent: '/elsewhere' }, finds: ['dkr.cgroup_parent'] },
  { name: 'socket', hostConfig: binds('/var/run/docker.sock:/s:ro'), finds: ['dkr.mount.runtime_socket'] },
  {
    name: 'socket-root',
    user: '0:0',
    hostConfig: binds('/var/run/docker.sock:/s:ro'),
    finds: ['dkr.mount.runtime_socket', 'dkr.user.root', ESCAPE],
  },
  { name: 'run', hostConfig: binds('/var/run:/x'), finds: ['dkr.mount.runtime_socket', 'dkr.mount.host_sensitive'] },
  {
    name: 'root-directory',
    hostConfig: binds('/:/x:ro'),
    finds: ['dkr.mount.host_root', 'dkr.mount.ro_submounts', 'dkr.mount.cgroup_rw'],
  },
  { name: 'proc', hostConfig: binds('/proc:/x'), finds: ['dkr.mount.host_proc'] },
  { name: 'etc', hostConfig: binds('/etc:/x:ro'), finds: ['dkr.mount.host_sensitive'] },
  { name: 'other-path', hostConfig: binds('/opt:/x'), finds: ['dkr.mount.host_path'] },
  {
    name: 'shared-mount',
    createOnly: true,
    hostConfig: binds('/srv:/x:rshared'),
    finds: ['dkr.mount.propagation', 'dkr.mount.host_path'],
  },
  { name: 'cgroup-rw', hostConfig: binds(`${CGROUP}:/x`), finds: ['dkr.mount.cgroup_rw', 'dkr.mount.host_sensitive'] },
  { name: 'volume-writer', hostConfig: binds(`${PREFIX_MARK}volume:/data`), finds: ['dkr.mount.volume_shared_rw'] },
  { name: 'volume-reader', hostConfig: binds(`${PREFIX_MARK}volume:/data:ro`), finds: [] },
  { name: 'writable', hostConfig: { ReadonlyRootfs: false }, finds: ['dkr.rootfs.writable'] },
  { name: 'disk', hostConfig: device(DISK), finds: ['dkr.device.host', ESCAPE] },
  { name: 'device-rule', hostConfig: { DeviceCgroupRules: ['b *:* rwm'] }, finds: ['dkr.device.rule_wildcard'] },
  {
    name: 'device-rule-mknod',
    hostConfig: { DeviceCgroupRules: ['b *:* rwm'], CapAdd: ['MKNOD'] },
    finds: ['dkr.device.rule_wildcard', ESCAPE],
  },
  { name: 'sysctl', hostConfig: { Sysctls: { 'kernel.msgmax': '65536' } }, finds: ['dkr.sysctl.unsafe'] },
  {
    name: 'port',
    body: { ExposedPorts: { '80/tcp': {} } },
    hostConfig: { NetworkMode: 'bridge', PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '' }] } },
    finds: ['dkr.port.wildcard'],
  },
  {
    name: 'system-port',
    createOnly: true,
    body: { ExposedPorts: { '80/tcp': {} } },
    hostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }] } },
    finds: ['dkr.port.privileged'],
  },
  { name: 'secret', env: ['API_TOKEN=not-a-real-one'], finds: ['dkr.secret.env'] },
  { name: 'group', hostConfig: { GroupAdd: ['0'] }, finds: ['dkr.group.sensitive'] },
  {
    name: 'restart',
    hostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } },
    finds: ['dkr.restart.unbounded'],
  },
  { name: 'no-health', body: { Healthcheck: { Test: ['NONE'] } }, finds: ['dkr.healthcheck.missing'] },
];
