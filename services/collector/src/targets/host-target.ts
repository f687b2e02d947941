import type { HeldLease } from '@seatrial/bus';
import { SeatrialError } from '@seatrial/contracts';
import { hostDraft, hostId, HostNormaliser, SampleColumns, type TickHead } from '@seatrial/estate';
import { HostReader, readFilesystems, readHostIdentity, type HostIdentity, type HostRootOptions } from '@seatrial/host';

import { HostUnreadable } from '../errors.ts';
import { InventoryWriter } from '../inventory/inventory-writer.ts';
import { warmUpThen } from '../sampling/ticks.ts';
import type { TargetTools } from './docker-target.ts';
import { GapLog } from './gap-log.ts';
import { TargetBoard } from './target-board.ts';
import type { Target } from './target.ts';

/** Interval of the file systems, s: they fill slowly, and a statfs may wait for a disk. */
const FILESYSTEM_S = 60;

export interface HostTargetOptions {
  readonly id: string;
  readonly intervalS: number;
  readonly roots: HostRootOptions;
}

/** This machine: counters of /proc, file systems, pressure. */
export class HostTarget implements Target {
  readonly src = 'host';
  readonly id: string;
  readonly #tools: TargetTools;
  readonly #options: HostTargetOptions;
  #board: TargetBoard | undefined;

  constructor(tools: TargetTools, options: HostTargetOptions) {
    this.id = options.id;
    this.#tools = tools;
    this.#options = options;
  }

  get state(): TargetBoard['state'] | undefined {
    return this.#board?.state;
  }

  async run(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { bus } = this.#tools;
    const { id, roots } = this.#options;
    const target = { id, src: this.src, address: roots.procRoot ?? '/proc' } as const;
    const board = (this.#board = await TargetBoard.open(bus, target));
    try {
      await this.#watch(board, new GapLog(bus, target), lease.fence, signal);
    } catch (error) {
      // The machine always answers; what fails here is a file system that is not mounted, or a defect.
      if (!signal.aborted && !(error instanceof SeatrialError)) await board.down(new HostUnreadable(error));
      throw error;
    }
  }

  async #watch(board: TargetBoard, gaps: GapLog, f: number, signal: AbortSignal): Promise<void> {
    const { bus, log, publisher, cycles } = this.#tools;
    const { id: tgt, roots, intervalS } = this.#options;
    using reader = new HostReader(roots);
    const inventory = await InventoryWriter.open(bus, log, { src: this.src, tgt });
    const identity = readHostIdentity(roots);
    const first = reader.sample();
    await inventory.sync([hostDraft(tgt, identity, first.memory?.totalBytes)], 'start');
    const last = board.state.lastSampleAt;
    if (last !== undefined && Date.now() - Date.parse(last) > 3 * intervalS * 1000)
      await gaps.lost(last, 'nobody polled this target');
    await board.up({
      version: identity.kernelRelease,
      capabilities: capabilitiesOf(identity, first.cpuPressure !== undefined),
      counts: inventory.counts,
    });

    const normaliser = new HostNormaliser();
    const publish = (loop: string, columns: SampleColumns, dueMs: number): void => {
      for (const [chunk, batch] of columns.take().entries())
        publisher.add(`${tgt}:${loop}:${f}:${dueMs}:${chunk}`, batch);
    };
    let filesystemsDueMs = 0;
    for await (const { dueMs, skipped } of warmUpThen(intervalS * 1000, signal)) {
      const head: Omit<TickHead, 'iv'> = { src: this.src, tgt, f, t0: dueMs };
      const often = new SampleColumns({ ...head, iv: intervalS });
      const seldom = new SampleColumns({ ...head, iv: Math.max(FILESYSTEM_S, intervalS) });
      await cycles.cycle(`${tgt}/host`, skipped, async () => {
        const reading = reader.sample();
        normaliser.add(often, hostId(tgt), reading);
        if (dueMs < filesystemsDueMs && dueMs > filesystemsDueMs - 2 * FILESYSTEM_S * 1000) return;
        filesystemsDueMs = dueMs + FILESYSTEM_S * 1000;
        const filesystems = await readFilesystems(roots);
        if (filesystems !== undefined) normaliser.addFilesystems(seldom, hostId(tgt), reading.atMs, filesystems);
      });
      if (signal.aborted) return;
      publish('host', often, dueMs);
      publish('filesystems', seldom, dueMs);
      cycles.sampledAtMs.set(tgt, Date.now());
      await board.sampled(Date.now());
    }
  }
}

/** What can be measured on this machine. */
function capabilitiesOf({ cgroupVersion, scope }: HostIdentity, pressure: boolean): string[] {
  return [
    ...(cgroupVersion === undefined ? [] : [`cgroup-v${cgroupVersion}`]),
    ...(pressure ? ['psi'] : []),
    ...(scope === 'container-only' ? [scope] : []),
  ];
}
