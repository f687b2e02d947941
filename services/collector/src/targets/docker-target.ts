import { setTimeout as wait } from 'node:timers/promises';

import type { Bus, HeldLease } from '@seatrial/bus';
import { SeatrialError } from '@seatrial/contracts';
import { DockerEngine, parseEngineUrl, type DockerEngineOptions } from '@seatrial/docker';
import type { ServiceLog } from '@seatrial/service';

import { InventoryWriter } from '../inventory/inventory-writer.ts';
import type { BatchPublisher } from '../sampling/batch-publisher.ts';
import type { CycleCounts } from '../sampling/cycle-counts.ts';
import { EngineSession } from './engine-session.ts';
import { readTls, type TlsFiles } from './engine-tls.ts';
import { EventPosition } from './event-position.ts';
import { GapLog } from './gap-log.ts';
import type { SessionOptions, SessionParts } from './session-parts.ts';
import { TargetBoard } from './target-board.ts';
import type { Target } from './target.ts';

/** What all targets of a process share. */
export interface TargetTools {
  readonly bus: Bus;
  readonly log: ServiceLog;
  readonly publisher: BatchPublisher;
  readonly cycles: CycleCounts;
  /** Why the engine with this identity is watched already, by another target than `tgt`. */
  readonly twinOf: (tgt: string, engineUuid: string) => SeatrialError | undefined;
}

export interface DockerTargetOptions extends SessionOptions {
  readonly url: string;
  readonly tls: TlsFiles;
}

/** The API sampler asks for so many containers at once. */
const CONNECTIONS = 64;
/** Pause before a certificate file is read again, ms. */
const RETRY_MS = 10_000;

/** One Docker engine: inventory from a listing and then from its events, samples from cgroup files or its API. */
export class DockerTarget implements Target {
  readonly src = 'docker';
  readonly id: string;
  readonly #tools: TargetTools;
  readonly #options: DockerTargetOptions;
  #board: TargetBoard | undefined;

  constructor(tools: TargetTools, options: DockerTargetOptions) {
    this.id = options.id;
    this.#tools = tools;
    this.#options = options;
  }

  get state(): TargetBoard['state'] | undefined {
    return this.#board?.state;
  }

  async run(lease: HeldLease, signal: AbortSignal): Promise<void> {
    const { bus, log } = this.#tools;
    const { id, url } = this.#options;
    const { src } = this;
    const board = (this.#board = await TargetBoard.open(bus, { id, src, address: parseEngineUrl(url).address }));
    const tls = await this.#untilReadable(board, signal);
    if (signal.aborted) return;
    await using engine = new DockerEngine({ url, ...(tls !== undefined && { tls }), connections: CONNECTIONS });
    const parts: SessionParts = {
      ...this.#tools,
      engine,
      board,
      inventory: await InventoryWriter.open(bus, log, { src, tgt: id }),
      position: await EventPosition.open(bus, id),
      gaps: new GapLog(bus, { id, src }),
      fence: lease.fence,
      twin: (uuid) => this.#tools.twinOf(id, uuid),
    };
    using session = new EngineSession(parts, this.#options);
    try {
      await session.run(signal);
    } finally {
      await parts.position.save();
    }
  }

  async #untilReadable(board: TargetBoard, signal: AbortSignal): Promise<DockerEngineOptions['tls']> {
    while (!signal.aborted) {
      try {
        return await readTls(this.#options.tls);
      } catch (error) {
        if (!(error instanceof SeatrialError)) throw error;
        await board.down(error);
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}
