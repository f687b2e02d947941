import { readFileSync } from 'node:fs';
import { missingFrom, type MissingReason, type Reading } from '../kernel-files/reading.ts';
import { readProcessStat } from '../kernel-files/process.ts';
import { readKernelFile } from '../kernel-files/read.ts';
import { compileHostRoots, type HostRootOptions } from '../roots.ts';
import { everyNamespace, type NamespaceReadings, readNamespaces } from './namespaces.ts';

/** The namespaces that count as "the host's" for the containers of one engine. */
export interface HostNamespaceReference {
  /** Whose they are: the engine's own process, or the shim of a container. `none` when neither was found: then every reading is missing. */
  readonly source: 'engine' | 'shim' | 'none';
  readonly pid?: number;
  readonly namespaces: NamespaceReadings;
}

/** Where to look for the engine. Give what is known; the engine's own process is preferred. */
export interface HostNamespaceOptions extends HostRootOptions {
  /** Process id of the engine, when the caller knows it. */
  readonly enginePid?: number;
  /** File in which the engine wrote its process id. @default /var/run/docker.pid */
  readonly enginePidFile?: string;
  /** `State.Pid` of any running container of the engine: its parent is the shim, which lives in the engine's namespaces. */
  readonly containerPid?: number;
}

/** `comm` of the processes we take for an engine or a shim; the kernel cuts names after 15 characters. */
const ENGINE = /^dockerd$/;
const SHIM = /^containerd-shim/;

/**
 * Reads the namespaces of the engine's process, or of a shim: what containers are compared with. Never those of our own process, which may itself run in a container, and
 * never those of pid 1, which even root cannot read on some hosts. The name of the process is checked, because a pid file may be old and a shim may be gone.
 * Where engine and shim are both known and differ (the pid file is another engine's), the namespace is missing: a comparison with the wrong one would pass.
 */
export function hostNamespaceReference(options: HostNamespaceOptions = {}): HostNamespaceReference {
  const { proc } = compileHostRoots(options);
  const engine = lookUp(proc, enginePid(options), 'engine', ENGINE);
  const shim = lookUp(proc, shimOf(proc, options.containerPid), 'shim', SHIM);
  if (engine.namespaces !== undefined && shim.namespaces !== undefined) {
    return { source: 'engine', pid: engine.pid, namespaces: agreed(engine.namespaces, shim.namespaces) };
  }
  if (engine.namespaces !== undefined) return { source: 'engine', pid: engine.pid, namespaces: engine.namespaces };
  if (shim.namespaces !== undefined) return { source: 'shim', pid: shim.pid, namespaces: shim.namespaces };
  const missing = [engine, shim].some((one) => one.missing === 'denied') ? 'denied' : 'unsupported';
  const detail = `${engine.detail}; ${shim.detail}`;
  return { source: 'none', namespaces: everyNamespace(() => ({ missing, detail })) };
}

/** The mount namespace may differ: service managers give the engine one of its own, and no container is in either. */
function agreed(engine: NamespaceReadings, shim: NamespaceReadings): NamespaceReadings {
  return everyNamespace((kind) => {
    const [one, other] = [engine[kind], shim[kind]];
    if (kind === 'mnt' || 'missing' in one || 'missing' in other || one.value === other.value) return one;
    const detail = `the engine is in ${one.value}, the shim of its container in ${other.value}: which is the host's is not certain`;
    return { missing: 'unsupported', detail };
  });
}

type LookUp =
  | { readonly pid: number; readonly namespaces: NamespaceReadings; readonly missing?: never; readonly detail?: never }
  | { readonly namespaces?: never; readonly missing: MissingReason; readonly detail: string };

/** Namespaces of a process, provided it is what we take it for and shows them. */
function lookUp(proc: string, pid: Reading<number>, role: string, name: RegExp): LookUp {
  if ('missing' in pid) return pid;
  const path = `${proc}/${pid.value}/comm`;
  try {
    const comm = readKernelFile(path).trim();
    if (!name.test(comm))
      return { missing: 'unsupported', detail: `process ${pid.value} is ${JSON.stringify(comm)}, not the ${role}` };
  } catch (error) {
    return missingFrom(error, path);
  }
  const namespaces = readNamespaces(proc, pid.value);
  return 'missing' in namespaces.pid ? namespaces.pid : { pid: pid.value, namespaces };
}

function enginePid({
  enginePid: known,
  enginePidFile: path = '/var/run/docker.pid',
}: HostNamespaceOptions): Reading<number> {
  if (known !== undefined) return { value: known, ref: 'options' };
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[1-9]\d{0,9}$/.test(text)
      ? { value: Number(text), ref: path }
      : { missing: 'unsupported', detail: `${path} holds no process id` };
  } catch (error) {
    return missingFrom(error, path);
  }
}

function shimOf(proc: string, containerPid: number | undefined): Reading<number> {
  if (containerPid === undefined || containerPid === 0)
    return { missing: 'unsupported', detail: 'no running container is known' };
  try {
    const stat = readProcessStat(proc, containerPid);
    return stat === undefined
      ? { missing: 'gone', detail: `process ${containerPid} is gone` }
      : { value: stat.parentPid, ref: `/proc/${containerPid}/stat` };
  } catch (error) {
    return missingFrom(error, `${proc}/${containerPid}/stat`);
  }
}
