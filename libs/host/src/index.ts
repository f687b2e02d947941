export { coresOf, parseCpuMax, parseLimit } from './cgroup/limits.ts';
export { type CgroupController, CgroupLocator, type CgroupPlace } from './cgroup/locate.ts';
export { belongsToContainer, type CgroupMembership, parseCgroupMembership } from './cgroup/membership.ts';
export {
  hostNamespaceReference,
  type HostNamespaceOptions,
  type HostNamespaceReference,
} from './evidence/host-namespaces.ts';
export { type ListenerEvidence, readListeners, type TcpListener } from './evidence/listeners.ts';
export {
  NAMESPACE_KINDS,
  type NamespaceKind,
  type NamespaceLink,
  type NamespaceReadings,
} from './evidence/namespaces.ts';
export {
  type ProcessEvidence,
  type ProcessEvidenceOptions,
  readProcessEvidence,
  type UidRange,
} from './evidence/process.ts';
export { sharedTurns, Turns } from './evidence/turns.ts';
export { type HostIdentity, readHostIdentity } from './identity.ts';
export { numberBehind, pickNumbers, singleNumber } from './kernel-files/flat-keyed.ts';
export { errnoOf, KeptFile } from './kernel-files/kept-file.ts';
export { type MountEntry, parseMountInfo } from './kernel-files/mountinfo.ts';
export { type InterfaceCounters, parseNetDev } from './kernel-files/net-dev.ts';
export { parsePressure, type Pressure, type PressureLine } from './kernel-files/pressure.ts';
export { type ProcessStat, readProcessStat } from './kernel-files/process.ts';
export { KernelFileTooLarge, readKernelFile } from './kernel-files/read.ts';
export type { MissingReason, Reading } from './kernel-files/reading.ts';
export type { CpuTimes, DiskCounters, HostCounters, MemoryState } from './metrics/counters.ts';
export { type FilesystemState, readFilesystems } from './metrics/filesystems.ts';
export { HostReader } from './metrics/host-reader.ts';
export { compileHostRoots, type HostRootOptions, type HostRoots } from './roots.ts';
