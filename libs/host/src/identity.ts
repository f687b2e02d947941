import { readlinkSync } from 'node:fs';
import { arch, hostname } from 'node:os';
import { CgroupLocator } from './cgroup/locate.ts';
import { readKernelFile } from './kernel-files/read.ts';
import { compileHostRoots, type HostRootOptions } from './roots.ts';

/** What this machine is. Absent = cannot be read here. */
export interface HostIdentity {
  /** Name in the reader's UTS namespace. */
  readonly hostname: string;
  /** As Node names it: x64, arm64, ... */
  readonly architecture: string;
  /** Stable over boots, unless the machine was cloned without care. Source: machine-id(5). */
  readonly machineId?: string;
  /** UUID of the firmware, lower case; what a hypervisor knows a VM by. Root only. */
  readonly productUuid?: string;
  readonly bootId?: string;
  readonly kernelRelease?: string;
  /** Processors online. */
  readonly cpus?: number;
  /** Version in force for most controllers. */
  readonly cgroupVersion?: 1 | 2;
  /** `container-only`: this process lives in a pid namespace and the host's procfs is not given, so numbers and processes are not the host's. Absent = not known. */
  readonly scope?: 'host' | 'container-only';
}

/** Inode of the first pid namespace of every kernel (PROC_PID_INIT_INO in linux/proc_ns.h). */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]';

/** @param options.machineIdFile the host's, where it is mounted elsewhere. @default /etc/machine-id */
export function readHostIdentity(options: HostRootOptions & { readonly machineIdFile?: string } = {}): HostIdentity {
  const { proc, sys } = compileHostRoots(options);
  const machineId = line(options.machineIdFile ?? '/etc/machine-id');
  const productUuid = line(`${sys}/class/dmi/id/product_uuid`)?.toLowerCase();
  const bootId = line(`${proc}/sys/kernel/random/boot_id`);
  const kernelRelease = line(`${proc}/sys/kernel/osrelease`);
  const cpus = cpusOnline(line(`${sys}/devices/system/cpu/online`));
  const cgroupVersion = attempt(() => CgroupLocator.fromProc({ proc, sys }).version);
  const scope = scopeOf(proc);
  return {
    hostname: hostname(),
    architecture: arch(),
    ...(machineId !== undefined && /^[0-9a-f]{32}$/.test(machineId) ? { machineId } : {}),
    ...(productUuid === undefined ? {} : { productUuid }),
    ...(bootId === undefined ? {} : { bootId }),
    ...(kernelRelease === undefined ? {} : { kernelRelease }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(cgroupVersion === undefined ? {} : { cgroupVersion }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function scopeOf(proc: string): HostIdentity['scope'] {
  if (proc !== '/proc') return 'host'; // given on purpose
  const own = attempt(() => readlinkSync(`${proc}/self/ns/pid`));
  if (own === undefined) return undefined;
  return own === INITIAL_PID_NAMESPACE ? 'host' : 'container-only';
}

/** Counts a list such as `0-3,8`. */
function cpusOnline(list: string | undefined): number | undefined {
  if (list === undefined || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return undefined;
  return list.split(',').reduce((sum, range) => {
    const [first = '0', last = first] = range.split('-');
    return sum + Number(last) - Number(first) + 1;
  }, 0);
}

function line(path: string): string | undefined {
  return attempt(() => readKernelFile(path).trim() || undefined);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // not there or not ours to read: absent
  }
}
