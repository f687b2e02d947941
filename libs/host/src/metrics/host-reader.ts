import { readdirSync } from 'node:fs';
import { errnoOf, KeptFile } from '../kernel-files/kept-file.ts';
import { parseNetDev } from '../kernel-files/net-dev.ts';
import { parsePressure } from '../kernel-files/pressure.ts';
import { compileHostRoots, type HostRootOptions, type HostRoots } from '../roots.ts';
import type { HostCounters } from './counters.ts';
import { parseDiskStats, parseLoadAvg, parseMemInfo, parseStat, parseUptime, parseVmStat } from './parse.ts';

type Values = Partial<HostCounters>;

/** One kept-open file and what it gives. */
interface Source {
  readonly file: KeptFile;
  readonly parse: (text: string) => Values;
}

/**
 * Reads this machine's counters from files that are opened once. A file the kernel does not have, or that may not be read, leaves its numbers out; `failed` names
 * those that stopped answering.
 */
export class HostReader implements Disposable {
  /** Paths that this machine does not have or does not show: their numbers are absent from every sample. */
  readonly unavailable: readonly string[];
  readonly #sources: readonly Source[];
  #failed: string[] = [];

  constructor(options: HostRootOptions = {}) {
    const wanted = wantedFiles(compileHostRoots(options)).map(([path, parse]) => ({
      path,
      file: KeptFile.openIfThere(path),
      parse,
    }));
    this.#sources = wanted.flatMap(({ file, parse }) => (file === undefined ? [] : [{ file, parse }]));
    this.unavailable = wanted.flatMap(({ path, file }) => (file === undefined ? [path] : []));
  }

  /** Paths that could not be read in the last `sample`. */
  get failed(): readonly string[] {
    return this.#failed;
  }

  sample(): HostCounters {
    this.#failed = [];
    return Object.assign(
      { atMs: Date.now() },
      ...this.#sources.map((source) => this.#valuesOf(source)),
    ) as HostCounters;
  }

  /** Closes every file. Safe to repeat. */
  [Symbol.dispose](): void {
    for (const { file } of this.#sources) file[Symbol.dispose]();
  }

  #valuesOf({ file, parse }: Source): Values {
    try {
      return parse(file.read());
    } catch (error) {
      if (errnoOf(error) === '') throw error; // a defect of ours, not an answer of the kernel
      this.#failed.push(file.path);
      return {};
    }
  }
}

function wantedFiles({ proc, sys }: HostRoots): [path: string, parse: Source['parse']][] {
  return [
    [`${proc}/stat`, parseStat],
    [`${proc}/meminfo`, (text) => only('memory', parseMemInfo(text))],
    [`${proc}/loadavg`, parseLoadAvg],
    [`${proc}/uptime`, parseUptime],
    [`${proc}/vmstat`, parseVmStat],
    [hostNetDev(proc), (text) => ({ network: parseNetDev(text).filter(({ name }) => name !== 'lo') })],
    [`${proc}/pressure/cpu`, (text) => only('cpuPressure', parsePressure(text))],
    [`${proc}/pressure/memory`, (text) => only('memoryPressure', parsePressure(text))],
    [`${proc}/pressure/io`, (text) => only('ioPressure', parsePressure(text))],
    [`${proc}/diskstats`, (text) => disksOf(text, sys)],
  ];
}

/** `/proc/net` is the network of the reading process; in a container with the host's procfs mounted the host's is that of its pid 1. */
function hostNetDev(proc: string): string {
  return proc === '/proc' ? `${proc}/net/dev` : `${proc}/1/net/dev`;
}

/** Disks come and go, so sysfs is asked each time. Without it they are left out rather than counted once for the disk and again for its partitions. */
function disksOf(text: string, sys: string): Values {
  const disks = wholeDisks(sys);
  return disks === undefined ? {} : { disks: parseDiskStats(text, disks) };
}

function wholeDisks(sys: string): ReadonlySet<string> | undefined {
  try {
    return new Set(readdirSync(`${sys}/block`).filter((name) => !/^(loop|ram)\d+$/.test(name)));
  } catch {
    return undefined;
  }
}

function only<K extends keyof HostCounters>(key: K, value: HostCounters[K] | undefined): Values {
  return value === undefined ? {} : { [key]: value };
}
