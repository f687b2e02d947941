import {
  belongsToContainer,
  CgroupLocator,
  compileHostRoots,
  errnoOf,
  type HostRootOptions,
  type HostRoots,
  KeptFile,
  parseCgroupMembership,
  parseLimit,
  parseNetDev,
  parsePressure,
  readKernelFile,
  readProcessStat,
  singleNumber,
} from '@seatrial/host';
import { type ContainerCounters, type CounterValues, present } from '../counters.ts';
import { CounterSourceMissing } from '../errors.ts';
import { blkioValues, sumIoStat } from './block-io.ts';
import { CPU_FILES, CPUACCT_FILES, cpuacctV1, cpuV1, cpuV2 } from './cpu.ts';
import { ControllerFiles, openController } from './files.ts';
import { MEMORY_FILES, memoryV1, memoryV2 } from './memory.ts';

const PIDS_FILES = ['pids.current', 'pids.max'] as const;
const BLKIO_FILES = { v1: ['blkio.throttle.io_service_bytes', 'blkio.throttle.io_serviced'], v2: ['io.stat'] } as const;
const PRESSURE_FILES = ['cpu.pressure', 'memory.pressure', 'io.pressure'] as const;

/** Which container to read, and where. */
export interface CgroupReaderOptions extends HostRootOptions {
  /** Full id: the process must belong to it. */
  readonly containerId: string;
  /** `State.Pid` of the container. */
  readonly pid: number;
  /** The container has a network namespace of its own: false for `--network host` and `container:...`, whose counters are not its own. */
  readonly ownNetwork: boolean;
  /** Where cgroup file systems are mounted; keep one for many readers. */
  readonly cgroups?: CgroupLocator;
}

/** One piece of a reading. */
type Source = () => CounterValues;

/**
 * Reads a container's counters from files that are opened once and read by position: a fifth of the CPU of opening them each time, and none of the engine's.
 * Whoever opens one must dispose of it when the container ends.
 */
export class CgroupReader implements Disposable {
  readonly containerId: string;
  /** Start time of the process: another one under the same pid has another. */
  readonly epoch: string;
  readonly #sources: readonly Source[];
  readonly #open: DisposableStack;

  /**
   * @throws CounterSourceMissing when the process is gone, belongs to another container, has no readable cgroup here, or no more files can be opened
   */
  constructor(options: CgroupReaderOptions) {
    const roots = compileHostRoots(options);
    this.containerId = options.containerId;
    using opening = new DisposableStack();
    try {
      const startTicks = startOf(roots, options);
      this.#sources = sourcesOf(options, roots, opening);
      // Between the two looks the pid may have changed hands: then the files are somebody else's.
      if (startOf(roots, options) !== startTicks)
        throw new CounterSourceMissing(options.containerId, 'its process ended meanwhile');
      this.epoch = `${options.pid}.${startTicks}`;
    } catch (error) {
      throw CounterSourceMissing.from(options.containerId, error);
    }
    this.#open = opening.move();
  }

  /** The counters now; undefined when the container is gone: dispose of the reader then. Other failures are thrown. */
  sample(): ContainerCounters | undefined {
    try {
      const values: CounterValues[] = this.#sources.map((source) => source());
      return Object.assign({ atMs: Date.now(), epoch: this.epoch }, ...values) as ContainerCounters;
    } catch (error) {
      if (['ENODEV', 'ENOENT', 'ESRCH', 'EBADF'].includes(errnoOf(error))) return undefined;
      throw error;
    }
  }

  /** Closes every file. Safe to repeat. */
  [Symbol.dispose](): void {
    this.#open.dispose();
  }
}

/** The cgroup's files come first: they are what fails when the container is gone, `net/dev` goes on answering. */
function sourcesOf(options: CgroupReaderOptions, roots: HostRoots, open: DisposableStack): Source[] {
  const { containerId, pid } = options;
  const memberships = parseCgroupMembership(readKernelFile(`${roots.proc}/${pid}/cgroup`));
  if (!belongsToContainer(memberships, containerId))
    throw new CounterSourceMissing(containerId, `process ${pid} belongs to another cgroup`);
  const locator = options.cgroups ?? CgroupLocator.fromProc(roots);
  const sources: Source[] = [];

  const cpu = openController(locator, memberships, 'cpu', CPU_FILES);
  if (cpu !== undefined) open.use(cpu.files);
  if (cpu?.version === 1) sources.push(() => cpuV1(cpu.files.read));
  if (cpu?.version === 2) sources.push(() => cpuV2(cpu.files.read));

  const cpuacct = openController(locator, memberships, 'cpuacct', CPUACCT_FILES);
  if (cpuacct !== undefined) open.use(cpuacct.files);
  if (cpuacct?.version === 1) sources.push(() => cpuacctV1(cpuacct.files.read));

  const memory = openController(locator, memberships, 'memory', MEMORY_FILES);
  if (memory !== undefined) open.use(memory.files);
  if (memory?.version === 1) sources.push(() => memoryV1(memory.files.read));
  if (memory?.version === 2) sources.push(() => memoryV2(memory.files.read));

  const blkio = openController(locator, memberships, 'blkio', BLKIO_FILES);
  if (blkio !== undefined) open.use(blkio.files);
  if (blkio?.version === 1) {
    const { read } = blkio.files;
    sources.push(() => blkioValues(read('blkio.throttle.io_service_bytes'), read('blkio.throttle.io_serviced')));
  }
  if (blkio?.version === 2) sources.push(() => ioV2(blkio.files.read('io.stat')));

  const pids = openController(locator, memberships, 'pids', { v1: PIDS_FILES, v2: PIDS_FILES });
  if (pids !== undefined) {
    const { read } = open.use(pids.files);
    sources.push(() => ({
      ...present('pids', singleNumber(read('pids.current') ?? '')),
      ...present('pidsLimit', parseLimit(read('pids.max') ?? '')),
    }));
  }
  if (sources.length === 0)
    throw new CounterSourceMissing(containerId, 'no cgroup file system of the host is mounted here');

  const unified = locator.unifiedPlace(memberships);
  if (unified !== undefined) {
    const { read } = open.use(new ControllerFiles(unified.directory, PRESSURE_FILES));
    sources.push(() => pressures(read));
  }
  const network = options.ownNetwork ? KeptFile.openIfThere(`${roots.proc}/${pid}/net/dev`) : undefined;
  if (network !== undefined) {
    open.use(network);
    sources.push(() => ({ network: parseNetDev(network.read()).filter(({ name }) => name !== 'lo') }));
  }
  return sources;
}

function ioV2(text: string | undefined): CounterValues {
  return text === undefined ? {} : sumIoStat(text);
}

function pressures(read: (file: (typeof PRESSURE_FILES)[number]) => string | undefined): CounterValues {
  return {
    ...present('cpuPressure', parsePressure(read('cpu.pressure') ?? '')),
    ...present('memoryPressure', parsePressure(read('memory.pressure') ?? '')),
    ...present('ioPressure', parsePressure(read('io.pressure') ?? '')),
  };
}

function startOf(roots: HostRoots, { pid, containerId }: CgroupReaderOptions): number {
  const stat = pid > 0 ? readProcessStat(roots.proc, pid) : undefined;
  if (stat === undefined) throw new CounterSourceMissing(containerId, `process ${pid} does not exist`);
  return stat.startTicks;
}
