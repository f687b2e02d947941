import type { DatabaseSync } from 'node:sqlite';

/** Jobs in one transaction at most: bounds how long reads wait. */
const MAX_JOBS = 64;

interface Job {
  readonly work: () => unknown;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Runs jobs that arrive together in one transaction, each in a savepoint of its own: one flush to disk for all, and a job that fails leaves the others alone.
 * A job is done only after the commit.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  #queue: Job[] = [];
  #scheduled = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, done: (value) => resolve(value as T), failed: reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the messages that are already here, so that they share the commit.
    setImmediate(() => {
      this.#scheduled = false;
      const jobs = this.#queue.splice(0, MAX_JOBS);
      this.#commit(jobs);
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #commit(jobs: readonly Job[]): void {
    const settle: (() => void)[] = [];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const job of jobs) settle.push(this.#attempt(job));
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite has already rolled back after some errors, a full disk among them.
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      for (const job of jobs) job.failed(error);
      return;
    }
    for (const tell of settle) tell();
  }

  /** @throws when the whole transaction is gone */
  #attempt(job: Job): () => void {
    this.#db.exec('SAVEPOINT job');
    try {
      const value = job.work();
      this.#db.exec('RELEASE job');
      return () => job.done(value);
    } catch (error) {
      if (!this.#db.isTransaction) throw error;
      this.#db.exec('ROLLBACK TO job; RELEASE job');
      return () => job.failed(error);
    }
  }
}
