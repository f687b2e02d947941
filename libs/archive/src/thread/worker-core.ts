import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { Core } from '../core/archive-core.ts';
import { ArchiveClosed, ArchiveIo, errorOf } from '../errors.ts';
import type { Request, Response, WorkerStart } from './messages.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a database in a worker of its own, so that neither a synchronous driver nor the decoding of large answers holds the caller's event loop.
 * @throws ArchiveCorrupt, ArchiveFull, ArchiveInvalid, ArchiveIo, ArchiveUnreachable
 */
export async function openWorkerCore(start: WorkerStart): Promise<Core> {
  if (start.database === 'sqlite') await makeFolderOf(start.address);
  const calls = new WorkerCalls(start);
  await calls.opened;
  const call =
    <M extends keyof Core>(method: M) =>
    (...args: Parameters<Core[M]>): ReturnType<Core[M]> =>
      calls.call(method, args) as ReturnType<Core[M]>;
  return {
    writeSamples: call('writeSamples'),
    range: call('range'),
    latest: call('latest'),
    append: call('append'),
    recordFindings: call('recordFindings'),
    page: call('page'),
    sweep: call('sweep'),
    health: call('health'),
    stopSweeping: call('stopSweeping'),
    close: () => calls.close(),
  };
}

async function makeFolderOf(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ArchiveIo(
      `cannot make the folder of ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

/** Calls under way to one worker. */
class WorkerCalls {
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #gone: Error | undefined;

  constructor(start: WorkerStart) {
    // Compiled beside this file; run from the sources, Node strips the types.
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: start, name: 'archive' });
    this.opened = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    this.#worker.on('message', (response: Response) => this.#settle(response));
    this.#worker.on('error', (cause) =>
      this.#end(
        new ArchiveIo(
          `the ${start.database} thread of the archive died: ${cause instanceof Error ? cause.message : String(cause)}`,
          cause,
        ),
      ),
    );
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => resolve(this.#end(new ArchiveClosed())));
    });
  }

  call(method: keyof Core, args: readonly unknown[]): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args } satisfies Request);
    });
  }

  async close(): Promise<void> {
    if (!this.#gone) await this.call('close', []);
    await this.#exited;
  }

  #settle(response: Response): void {
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if ('error' in response) pending?.reject(errorOf(response.error));
    else pending?.resolve(response.value);
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#gone);
    this.#pending.clear();
  }
}
