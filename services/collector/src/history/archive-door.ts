import { setTimeout as wait } from 'node:timers/promises';

import { ArchiveInvalid, openArchive, type Archive, type WriteReceipt } from '@seatrial/archive';
import { SeatrialError, type SampleBatch } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

/** Pause between two tries while the archive takes nothing, ms. */
const RETRY_MS = 1_000;
/** Pause between two tries to open it, ms. */
const REOPEN_MS = 5_000;

/** How the door opens what is behind it; tests give their own. */
export interface ArchiveDoorOptions {
  readonly open?: () => Promise<Archive>;
  readonly retryMs?: number;
}

/**
 * The archive of this process, and how writing to it goes. An archive that cannot be opened for a reason that may pass (a full disk, a server that is away) is tried again
 * behind the closed door: the estate is watched on meanwhile, and the stream keeps the samples.
 */
export class ArchiveDoor {
  readonly #log: Pick<ServiceLog, 'warn' | 'info'>;
  readonly #retryMs: number;
  readonly #open: () => Promise<Archive>;
  readonly #stop = new AbortController();
  #archive: Archive | undefined;
  #opening: Promise<void> | undefined;
  #fault: SeatrialError | undefined;
  /** Samples written, those too old to be kept, batches that were malformed, and failed tries. */
  readonly counts = { samples: 0, tooLate: 0, invalid: 0, failures: 0 };

  private constructor(url: string, log: Pick<ServiceLog, 'warn' | 'info'>, options: ArchiveDoorOptions) {
    this.#log = log;
    this.#open = options.open ?? (() => openArchive(url));
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  /** @throws ArchiveInvalid, ArchiveCorrupt: what no further try can mend */
  static async to(
    url: string,
    log: Pick<ServiceLog, 'warn' | 'info'>,
    options: ArchiveDoorOptions = {},
  ): Promise<ArchiveDoor> {
    const door = new ArchiveDoor(url, log, options);
    try {
      door.#archive = await door.#open();
    } catch (error) {
      if (!(error instanceof SeatrialError && error.retryable)) throw error;
      door.#failed(error);
      door.#opening = door.#openLater();
    }
    return door;
  }

  /** Why nothing is written now; undefined while the archive takes samples. */
  get fault(): SeatrialError | undefined {
    return this.#fault;
  }

  /** For queries and sweeps. @throws why it is not open */
  get archive(): Archive {
    if (this.#archive !== undefined) return this.#archive;
    throw this.#fault ?? new SeatrialError('the archive is closed', { code: 'E-ARCHIVE-CLOSED' });
  }

  /** Resolves when the batch is committed, however long the archive takes nothing; one that it can never take is counted and left out. @throws the signal's reason */
  async store(batch: SampleBatch, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        this.#stored(await this.archive.samples.write([batch]));
        return;
      } catch (error) {
        if (error instanceof ArchiveInvalid) {
          this.counts.invalid++;
          this.#log.warn({ err: error }, 'a batch of samples does not fit the archive');
          return;
        }
        this.#failed(error);
      }
      await wait(this.#retryMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }

  /** Waits for writes under way, then closes. Safe to repeat. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#opening;
    await this.#archive?.close();
  }

  #stored({ samples, tooLate }: WriteReceipt): void {
    this.counts.samples += samples;
    this.counts.tooLate += tooLate;
    if (this.#fault !== undefined) this.#log.info({ code: this.#fault.code }, 'the archive takes samples again');
    this.#fault = undefined;
  }

  /** Whatever it is, the stream keeps the samples while somebody looks after the archive: nothing is given up. */
  #failed(error: unknown): void {
    this.counts.failures++;
    const fault =
      error instanceof SeatrialError ? error : new SeatrialError(String(error), { code: 'E-INTERNAL', cause: error });
    if (this.#fault?.code !== fault.code)
      this.#log.warn({ err: error }, 'the archive takes nothing; the stream keeps the samples');
    this.#fault = fault;
  }

  async #openLater(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#archive === undefined) {
      await wait(REOPEN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.#archive = await this.#open();
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
