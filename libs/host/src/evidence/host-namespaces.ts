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
 */
export function hostNamespaceReference(options: HostNamespaceOptions = {}): HostNamespaceReference {
  const { proc } = compileHostRoots(options);
  const candidates = [
    () => candidate('engine', proc, enginePid(options), ENGINE),
    () => candidate('shim', proc, shimOf(proc, options.containerPid), SHIM),
  ];
  const reasons: { missing: MissingReason; detail: string }[] = [];
  for (const find of candidates) {
    const found = find();
    if (!('missing' in found)) {
      const namespaces = readNamespaces(proc, found.pid);
      // Another candidate may still be readable: a hardened host may hide the engine's links and show the shim's.
      if ('value' in namespaces.pid) return { source: found.source, pid: found.pid, namespaces };
      reasons.push(namespaces.pid);
    } else reasons.push(found);
  }
  const missing = reasons.some((reason) => reason.missing === 'denied') ? 'denied' : 'unsupported';
  const detail = reasons.map((reason) => reason.detail).join('; ');
  return { source: 'none', namespaces: everyNamespace(() => ({ missing, detail })) };
}

type Candidate =
  | { readonly source: 'engine' | 'shim'; readonly pid: number }
  | { readonly missing: MissingReason; readonly detail: string };

function candidate(source: 'engine' | 'shim', proc: string, pid: Reading<number>, name: RegExp): Candidate {
  if ('missing' in pid) return pid;
  const path = `${proc}/${pid.value}/comm`;
  try {
    const comm = readKernelFile(path).trim();
    return name.test(comm)
      ? { source, pid: pid.value }
      : { missing: 'unsupported', detail: `process ${pid.value} is ${JSON.stringify(comm)}, not the ${source}` };
  } catch (error) {
    return missingFrom(error, path);
  }
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
