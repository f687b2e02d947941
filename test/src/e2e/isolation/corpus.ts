import { ALLOW_ALL, binds, CGROUP, device, DISK, ESCAPE, PREFIX_MARK, type RealCase } from './cases.ts';

/** One of the 28 planted defects, each on the default profile: root, no limits. */
export interface Defect extends RealCase {
  /** Severity of the first id where the row of the catalogue has two. */
  readonly severity?: string;
  /** Ids that the kernel adds on hosts where something is mounted below the bind. */
  readonly mayAlso?: readonly string[];
}

const plain = { plain: true } as const;
const alone = (hostConfig: Readonly<Record<string, unknown>> = {}) =>
  ({ plain: true, hostConfig: { NetworkMode: 'none', ...hostConfig } }) as const;
const joined = (kind: 'PidMode' | 'NetworkMode', owner: string) =>
  ({ plain: true, hostConfig: { [kind]: `container:${PREFIX_MARK}${owner}` } }) as const;

/** docker-bench-security 1.6.0 finds the first twelve. `finds` are primary findings beyond those of the default profile. */
export const DEFECTS: readonly Defect[] = [
  { name: 'd01-privileged', ...alone({ Privileged: true }), mayBeRefused: true, finds: ['dkr.privileged', ESCAPE] },
  {
    name: 'd02-cap-all',
    ...alone({ CapAdd: ['ALL'], CapDrop: ['SYS_RESOURCE'] }),
    finds: ['dkr.caps.dangerous', 'dkr.caps.extra', ESCAPE],
  },
  {
    name: 'd03-sys-admin',
    ...alone({ CapAdd: ['SYS_ADMIN'] }),
    finds: ['dkr.caps.dangerous', ESCAPE],
    severity: 'critical',
  },
  {
    name: 'd04-socket',
    ...alone(binds('/var/run/docker.sock:/var/run/docker.sock')),
    finds: ['dkr.mount.runtime_socket', ESCAPE],
  },
  { name: 'd05-pid', ...alone({ PidMode: 'host' }), finds: ['dkr.ns.pid.host'] },
  { name: 'd06-net', ...alone({ NetworkMode: 'host' }), finds: ['dkr.ns.net.host'] },
  { name: 'd07-ipc', ...alone({ IpcMode: 'host' }), finds: ['dkr.ns.ipc.host'] },
  { name: 'd08-uts', ...alone({ UTSMode: 'host' }), finds: ['dkr.ns.uts.host'] },
  { name: 'd09-proc', ...alone(binds('/proc:/host/proc')), finds: ['dkr.mount.host_proc', ESCAPE] },
  { name: 'd10-seccomp', ...alone({ SecurityOpt: ['seccomp=unconfined'] }), finds: ['dkr.seccomp.disabled'] },
  {
    name: 'd11-port',
    ...plain,
    hostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '' }] } },
    body: { ExposedPorts: { '80/tcp': {} } },
    finds: ['dkr.port.wildcard'],
  },
  { name: 'd12-disk', ...alone(device(DISK)), finds: ['dkr.device.host', ESCAPE], severity: 'critical' },
  { name: 'd13-root', ...alone(binds('/:/host:ro')), finds: ['dkr.mount.host_root', 'dkr.mount.ro_submounts', ESCAPE] },
  { name: 'd14-var-run', ...alone(binds('/var/run:/host/run')), finds: ['dkr.mount.runtime_socket', ESCAPE] },
  {
    name: 'd15-etc',
    ...alone(binds('/etc:/host/etc:ro')),
    finds: ['dkr.mount.host_sensitive'],
    severity: 'high',
    mayAlso: ['dkr.mount.ro_submounts'],
  },
  {
    name: 'd16-docker',
    ...alone(binds('/var/lib/docker:/d:ro')),
    finds: ['dkr.mount.host_sensitive'],
    severity: 'high',
    mayAlso: ['dkr.mount.ro_submounts'],
  },
  { name: 'd17-open-profile', ...alone({ SecurityOpt: [ALLOW_ALL] }), finds: ['dkr.seccomp.permissive'] },
  // The default has this finding, and it must stay: docker-bench takes the option for a pass.
  { name: 'd18-nnp-false', ...alone({ SecurityOpt: ['no-new-privileges=false'] }), finds: [] },
  { name: 'd19-joins-pid', ...joined('PidMode', 'd05-pid'), finds: ['dkr.ns.pid.host'] },
  { name: 'd20-joins-net', ...joined('NetworkMode', 'd06-net'), finds: ['dkr.ns.net.host'] },
  {
    name: 'd21-cgroup',
    ...alone(binds(`${CGROUP}:/cg`)),
    finds: ['dkr.mount.cgroup_rw', 'dkr.mount.host_sensitive'],
    severity: 'high',
  },
  { name: 'd22-unmasked', ...alone({ MaskedPaths: [], ReadonlyPaths: [] }), finds: ['dkr.paths.unmasked', ESCAPE] },
  { name: 'd23-secret', ...alone(), env: ['DB_PASSWORD=not-a-real-one'], finds: ['dkr.secret.env'] },
  { name: 'd24-restart', ...alone({ RestartPolicy: { Name: 'always' } }), finds: ['dkr.restart.unbounded'] },
  { name: 'd25-volume', ...alone(binds(`${PREFIX_MARK}volume:/data`)), finds: ['dkr.mount.volume_shared_rw'] },
  { name: 'd26-sysctl', ...alone({ Sysctls: { 'kernel.msgmax': '65536' } }), finds: ['dkr.sysctl.unsafe'] },
  {
    name: 'd27-device-rule',
    ...alone({ DeviceCgroupRules: ['b *:* rwm'] }),
    finds: ['dkr.device.rule_wildcard', ESCAPE],
  },
  { name: 'd28-group', ...alone({ GroupAdd: ['0'] }), body: { User: '1000:1000' }, finds: ['dkr.group.sensitive'] },
];

/** The two profiles that the defects are compared with, and the other end of the shared volume. */
export const BESIDE: readonly RealCase[] = [
  { name: 'hardened', finds: [] },
  { name: 'default', plain: true, finds: [] },
  { name: 'volume-peer', ...alone(binds(`${PREFIX_MARK}volume:/data`)), finds: [] },
];
