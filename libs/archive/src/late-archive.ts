import { setTimeout as wait } from 'node:timers/promises';

import { SeatrialError } from '@seatrial/contracts';

import { ArchiveClosed, shapeOf } from './errors.ts';
import { openArchive, type ArchiveOptions } from './open-archive.ts';
import type { Archive, ArchiveHealth, SweepReport } from './port/archive.ts';

/** How an archive is opened that may not be there yet. */
export interface LateArchiveOptions extends ArchiveOptions {
  /** Pause between two tries to open it, ms. @default 5_000 */
  readonly againMs?: number;
  /** Opens what stands behind; tests give their own. */
  readonly open?: () => Promise<Archive>;
}

/**
 * As `openArchive`, but an archive that cannot be opened for a reason that may pass (a full disk, a server that is away) is tried again: until then every call rejects with
 * that reason, which is retryable, and health is degraded with it.
 * @throws ArchiveInvalid, ArchiveCorrupt: what no further try can mend
 */
export async function openArchiveLate(url: string, options: LateArchiveOptions = {}): Promise<Archive> {
  const open = options.open ?? (() => openArchive(url, options));
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SeatrialError && error.retryable)) throw error;
    return new LateArchive(open, error, options.againMs ?? 5_000);
  }
}

class LateArchive implements Archive {
  readonly samples: Archive['samples'];
  readonly findings: Archive['findings'];
  readonly auditLog: Archive['auditLog'];
  readonly auditRuns: Archive['auditRuns'];
  readonly #stop = new AbortController();
  readonly #opening: Promise<void>;
  readonly #since = Date.now();
  #archive: Archive | undefined;
  #fault: SeatrialError;

  constructor(open: () => Promise<Archive>, fault: SeatrialError, againMs: number) {
    this.#fault = fault;
    this.samples = {
      write: async (batches) => this.#opened.samples.write(batches),
      range: async (query) => this.#opened.samples.range(query),
      latest: async (query) => this.#opened.samples.latest(query),
    };
    this.findings = {
      record: async (changes) => this.#opened.findings.record(changes),
      list: async (query) => this.#opened.findings.list(query),
    };
    this.auditLog = {
      append: async (entries) => this.#opened.auditLog.append(entries),
      list: async (query) => this.#opened.auditLog.list(query),
    };
    this.auditRuns = {
      append: async (runs) => this.#opened.auditRuns.append(runs),
      list: async (query) => this.#opened.auditRuns.list(query),
    };
    this.#opening = this.#openLater(open, againMs);
  }

  async sweep(): Promise<SweepReport> {
    return this.#opened.sweep();
  }

  async health(): Promise<ArchiveHealth> {
    if (this.#archive !== undefined) return this.#archive.health();
    return { status: 'degraded', since: this.#since, ...shapeOf(this.#fault) };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#opening;
    await this.#archive?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #opened(): Archive {
    if (this.#archive !== undefined) return this.#archive;
    throw this.#stop.signal.aborted ? new ArchiveClosed() : this.#fault;
  }

  async #openLater(open: () => Promise<Archive>, againMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (this.#archive === undefined) {
      await wait(againMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.#archive = await open();
      } catch (error) {
        if (error instanceof SeatrialError) this.#fault = error;
      }
    }
  }
}
