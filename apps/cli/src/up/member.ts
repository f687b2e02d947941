import { existsSync, renameSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { PLANE_VARIABLE } from '../plane/members.ts';
import type { PlaneProcess } from '../plane/run-state.ts';
import { endProcess, spawnDetached, type Detached } from '../process/detached.ts';
import { isRunning, pidOf, type ProcessMark } from '../process/mark.ts';

/** How one process of a plane is started. */
export interface MemberSpec {
  readonly name: PlaneProcess['name'];
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Time to end by itself after SIGTERM, ms. */
  readonly graceMs: number;
}

/** What a member tells its supervisor. */
export interface MemberEvents {
  /** It started: for the first time, or again. */
  readonly started: (mark: ProcessMark) => void;
  /** It ended unasked. The answer says after how many ms it starts again; undefined: never. */
  readonly died: (code: number | null, deaths: number) => number | undefined;
}

/** One process of a plane that is started, watched, started again, and ended with everything it started itself. */
export class Member {
  readonly name: PlaneProcess['name'];
  readonly logFile: string;
  readonly #spec: MemberSpec;
  readonly #events: MemberEvents;
  readonly #ended = new AbortController();
  #process: Detached | undefined;
  #deaths = 0;

  constructor(spec: MemberSpec, dataDirectory: string, events: MemberEvents) {
    this.name = spec.name;
    this.logFile = spec.logFile;
    this.#spec = { ...spec, env: { ...spec.env, [PLANE_VARIABLE]: dataDirectory } };
    this.#events = events;
    // The log of the last run stays readable beside that of this one.
    if (existsSync(spec.logFile)) renameSync(spec.logFile, `${spec.logFile}.1`);
  }

  get mark(): ProcessMark | undefined {
    return this.#process?.mark;
  }

  /** It runs at this moment. */
  get running(): boolean {
    return this.mark !== undefined && isRunning(this.mark);
  }

  /** How often it ended unasked. */
  get deaths(): number {
    return this.#deaths;
  }

  start(): void {
    if (this.#ended.signal.aborted) return;
    const child = spawnDetached(this.#spec.command, this.#spec.args, this.#spec);
    this.#process = child;
    if (child.mark !== undefined) this.#events.started(child.mark);
    void child.exited.then((code) => this.#onExit(code));
  }

  /** Ends it for good: SIGTERM, its grace, SIGKILL. Safe to repeat; all callers wait for the same end. */
  async stop(): Promise<void> {
    this.#ended.abort();
    if (this.mark !== undefined) await endProcess(this.mark, this.#spec.graceMs);
  }

  /** Ends it at once, without waiting: for a supervisor that is itself about to be gone. */
  kill(): void {
    this.#ended.abort();
    if (this.mark === undefined || !this.running) return;
    try {
      process.kill(-pidOf(this.mark), 'SIGKILL');
    } catch {
      // Gone between the look and the signal.
    }
  }

  #onExit(code: number | null): void {
    if (this.#ended.signal.aborted) return;
    this.#deaths += 1;
    const pauseMs = this.#events.died(code, this.#deaths);
    if (pauseMs === undefined) return;
    void delay(pauseMs, undefined, { signal: this.#ended.signal }).then(
      () => this.start(),
      () => {},
    );
  }
}
