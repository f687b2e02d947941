import { belongsToContainer, type CgroupMembership, parseCgroupMembership } from '../cgroup/membership.ts';
import { CgroupLocator } from '../cgroup/locate.ts';
import { type MountEntry, parseMountInfo } from '../kernel-files/mountinfo.ts';
import { readProcessStat } from '../kernel-files/process.ts';
import { readKernelFile } from '../kernel-files/read.ts';
import { missingFrom, type MissingReason, type Reading, readingOf } from '../kernel-files/reading.ts';
import { compileHostRoots, type HostRootOptions, type HostRoots } from '../roots.ts';
import { type CgroupEvidence, missingCgroupEvidence, readCgroupEvidence } from './cgroup-limits.ts';
import { everyNamespace, type NamespaceReadings, readNamespaces } from './namespaces.ts';
import { parseStatus, type StatusEvidence } from './status.ts';
import { type Turns, sharedTurns } from './turns.ts';

/** One line of `/proc/<pid>/uid_map`. */
export interface UidRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** What the kernel says about the first process of a container. Every field is a value with its origin, or the reason why there is none. */
export interface ProcessEvidence extends StatusEvidence, CgroupEvidence {
  readonly namespaces: NamespaceReadings;
  readonly mountinfo: Reading<readonly MountEntry[]>;
  readonly uidMap: Reading<readonly UidRange[]>;
  readonly oomScoreAdj: Reading<number>;
  /** Label of the security module, e.g. `docker-default (enforce)`, `unconfined`; `unsupported` without one. */
  readonly lsmLabel: Reading<string>;
  /** Lines of `/proc/<pid>/cgroup`. */
  readonly cgroups: Reading<readonly CgroupMembership[]>;
}

export interface ProcessEvidenceOptions extends HostRootOptions {
  /** Full id of the container the process must belong to: pids are used again, a cgroup path is not. */
  readonly containerId: string;
  /** Gives up before the read begins. */
  readonly signal?: AbortSignal;
  /** Where cgroup file systems are mounted. @default what this process's mount table said within the last minute */
  readonly cgroups?: CgroupLocator;
  /** Shares the event loop with other readers. @default one for the process */
  readonly turns?: Turns;
}

/**
 * Reads the evidence of one container's process. The start time is read before and after, and the cgroup must name the container: otherwise the pid is somebody
 * else's by now and every field is `gone`. Never throws for what cannot be read. Takes turns with other callers so that auditing many containers at once does not
 * block the event loop for more than some ms.
 */
export async function readProcessEvidence(pid: number, options: ProcessEvidenceOptions): Promise<ProcessEvidence> {
  const roots = compileHostRoots(options);
  return (options.turns ?? sharedTurns).take(() => {
    options.signal?.throwIfAborted();
    const before = identify(roots.proc, pid, options.containerId);
    if ('missing' in before) return missingEvidence(before.missing, before.detail);
    const locator = options.cgroups ?? mountedCgroups(roots);
    const evidence = collect(roots.proc, pid, before.memberships, locator);
    const after = identify(roots.proc, pid, options.containerId);
    if ('missing' in after) return missingEvidence(after.missing, after.detail);
    return after.startTicks === before.startTicks
      ? evidence
      : missingEvidence('gone', `process ${pid} ended while it was read and its id was used again`);
  });
}

type Identity =
  | { readonly startTicks: number; readonly memberships: readonly CgroupMembership[] }
  | { readonly missing: MissingReason; readonly detail: string };

function identify(proc: string, pid: number, containerId: string): Identity {
  const gone = `process ${pid} does not exist (or is hidden by hidepid)`;
  try {
    const stat = pid > 0 ? readProcessStat(proc, pid) : undefined;
    if (stat === undefined) return { missing: 'gone', detail: gone };
    const memberships = parseCgroupMembership(readKernelFile(`${proc}/${pid}/cgroup`));
    if (!belongsToContainer(memberships, containerId))
      return { missing: 'gone', detail: `process ${pid} belongs to another cgroup now` };
    return { startTicks: stat.startTicks, memberships };
  } catch (error) {
    const failed = missingFrom(error, `${proc}/${pid}`);
    return readProcessStatOrUndefined(proc, pid) === undefined ? { missing: 'gone', detail: gone } : failed;
  }
}

function readProcessStatOrUndefined(proc: string, pid: number): unknown {
  try {
    return readProcessStat(proc, pid);
  } catch (error) {
    return error; // it is there, only not readable
  }
}

/** The mount table of a host with many containers costs more to read than all the rest, and where cgroups are mounted hardly ever changes. */
const LOOK_AGAIN_MS = 60_000;
const looked = new Map<string, { readonly locator: CgroupLocator; readonly atMs: number }>();

/** An unreadable mount table leaves the limits out, not the rest. */
function mountedCgroups(roots: HostRoots): CgroupLocator {
  const key = `${roots.proc} ${roots.sys}`;
  const known = looked.get(key);
  if (known !== undefined && performance.now() - known.atMs < LOOK_AGAIN_MS) return known.locator;
  try {
    const locator = CgroupLocator.fromProc(roots);
    looked.set(key, { locator, atMs: performance.now() });
    return locator;
  } catch {
    return new CgroupLocator([], roots.sys);
  }
}

function collect(
  proc: string,
  pid: number,
  memberships: readonly CgroupMembership[],
  locator: CgroupLocator,
): ProcessEvidence {
  const dir = `${proc}/${pid}`;
  const ref = `/proc/${pid}`;
  return {
    ...status(dir, ref),
    ...readCgroupEvidence(locator, memberships),
    namespaces: readNamespaces(proc, pid),
    mountinfo: readingOf(`${dir}/mountinfo`, `${ref}/mountinfo`, parseMountInfo),
    uidMap: readingOf(`${dir}/uid_map`, `${ref}/uid_map`, parseUidMap),
    oomScoreAdj: readingOf(`${dir}/oom_score_adj`, `${ref}/oom_score_adj`, signedInteger),
    lsmLabel: readingOf(`${dir}/attr/current`, `${ref}/attr/current`, label),
    cgroups: { value: memberships, ref: `${ref}/cgroup` },
  };
}

function status(dir: string, ref: string): StatusEvidence {
  try {
    return parseStatus(readKernelFile(`${dir}/status`), `${ref}/status`);
  } catch (error) {
    const { missing, detail } = missingFrom(error, `${dir}/status`);
    return missingStatus(missing, detail);
  }
}

function missingStatus(missing: MissingReason, detail: string): StatusEvidence {
  const none = { missing, detail } as const;
  return {
    effectiveUid: none,
    effectiveGid: none,
    groups: none,
    capInh: none,
    capPrm: none,
    capEff: none,
    capBnd: none,
    capAmb: none,
    noNewPrivs: none,
    seccomp: none,
  };
}

function missingEvidence(missing: MissingReason, detail: string): ProcessEvidence {
  const none = { missing, detail } as const;
  return {
    ...missingStatus(missing, detail),
    ...missingCgroupEvidence(missing, detail),
    namespaces: everyNamespace(() => none),
    mountinfo: none,
    uidMap: none,
    oomScoreAdj: none,
    lsmLabel: none,
    cgroups: none,
  };
}

function parseUidMap(text: string): UidRange[] | undefined {
  const ranges = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  if (ranges.some((range) => range.length !== 3 || !range.every(Number.isSafeInteger))) return undefined;
  return ranges.map(([inside = 0, outside = 0, count = 0]) => ({ inside, outside, count }));
}

function signedInteger(text: string): number | undefined {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

function label(text: string): string | undefined {
  return text.replace(/[\0\n]+$/, '') || undefined;
}
