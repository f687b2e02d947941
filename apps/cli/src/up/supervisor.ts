import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Layout } from '../layout.ts';
import { planeMembers } from '../plane/members.ts';
import { readRunState, removeRunState, writeRunState, type PlaneProcess, type RunState } from '../plane/run-state.ts';
import { endProcess } from '../process/detached.ts';
import { takeLock, type Lock } from '../process/lock.ts';
import { markOf } from '../process/mark.ts';
import { Member, type MemberEvents, type MemberSpec } from './member.ts';

/** What is fixed when a plane starts. */
export interface SupervisorOptions {
  readonly layout: Layout;
  readonly keep: boolean;
}

/**
 * The one process that keeps a plane running: holds its lock, starts its members, writes `run.json`, and takes everything down again. A member is known
 * here before its process exists, so there is no moment at which a stop could miss it.
 */
export class Supervisor implements AsyncDisposable {
  readonly #layout: Layout;
  readonly #lock: Lock;
  readonly #members: Member[] = [];
  readonly #killAll = (): void => this.#members.forEach((member) => member.kill());
  #state: RunState;
  #stopped: Promise<void> | undefined;

  private constructor(options: SupervisorOptions, lock: Lock) {
    this.#layout = options.layout;
    this.#lock = lock;
    this.#state = {
      format: 1,
      supervisor: markOf(process.pid) ?? `${process.pid}.`,
      startedAt: new Date().toISOString(),
      phase: 'starting',
      keep: options.keep,
      processes: [],
    };
    // The last resort: an exit that waits for nothing still leaves nobody behind.
    process.on('exit', this.#killAll);
  }

  /** Becomes the supervisor of this plane, and ends what a killed predecessor left. @throws LockHeld when a living one has it */
  static async take(options: SupervisorOptions): Promise<Supervisor> {
    const { layout } = options;
    const lock = await takeLock(layout.lock, { timeoutMs: 0 });
    const left = planeMembers(layout.data, readRunState(layout.runFile));
    await Promise.all(left.map((mark) => endProcess(mark, 2000)));
    const supervisor = new Supervisor(options, lock);
    for (const folder of [layout.run, layout.archive, layout.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    supervisor.#write();
    return supervisor;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Adds a member and starts its process. */
  start(spec: MemberSpec, died: MemberEvents['died']): Member {
    const member = new Member(spec, this.#layout.data, {
      started: (mark) => this.#record({ name: spec.name, mark, logFile: spec.logFile, ready: false }),
      died: (code, deaths) => {
        this.note(spec.name, { ready: false });
        return died(code, deaths);
      },
    });
    this.#members.push(member);
    // A stop that is under way has its list of members already.
    if (this.#stopped === undefined) member.start();
    return member;
  }

  /** Ends a member for good and forgets it, e.g. a broker that could not have its port. */
  async drop(member: Member): Promise<void> {
    await member.stop();
    this.#members.splice(this.#members.indexOf(member), 1);
    this.update({ processes: this.#state.processes.filter((entry) => entry.name !== member.name) });
  }

  /** Changes what `run.json` says of the plane. */
  update(changes: Partial<RunState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#write();
  }

  /** Changes what it says of one member. Once it is ready, an earlier failure is history. */
  note(name: PlaneProcess['name'], changes: Partial<Omit<PlaneProcess, 'name'>>): void {
    const processes = this.#state.processes.map((entry) => {
      if (entry.name !== name) return entry;
      const { failure, ...rest } = { ...entry, ...changes };
      return rest.ready || failure === undefined ? rest : { ...rest, failure };
    });
    this.update({ processes });
  }

  /** Ends all members, the last started first (services before their broker), and gives everything back. Safe to repeat. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.update({ phase: 'stopping' });
    const [bus, ...services] = this.#members;
    await Promise.all(services.map((member) => member.stop()));
    await bus?.stop();
    if (!this.#state.keep) await rm(this.#layout.run, { recursive: true, force: true });
    removeRunState(this.#layout.runFile);
    await this.#lock.release();
    process.off('exit', this.#killAll);
  }

  #record(entry: PlaneProcess): void {
    this.update({ processes: [...this.#state.processes.filter(({ name }) => name !== entry.name), entry] });
  }

  #write(): void {
    writeRunState(this.#layout.runFile, this.#state);
  }
}
