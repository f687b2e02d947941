import { type Bucket, type Bus, type Entry, RevisionConflict } from '@seatrial/bus';
import { AuditRuns, keyToken, type ValueOf } from '@seatrial/contracts';

type Run = ValueOf<typeof AuditRuns>;

/** What an audit id stands for when a command brings it. */
export type Claim =
  /** It is this command's, new or begun before a crash. `complete` says that it ended, `release` that it never ran. */
  | { readonly state: 'running'; readonly complete: () => Promise<void>; readonly release: () => Promise<void> }
  /** This command's audit has ended. */
  | { readonly state: 'completed' }
  /** Another command brought it first. */
  | { readonly state: 'foreign' };

/** Audits by command and how far they came, so that an audit id takes effect once. */
export class AuditRunLog {
  readonly #bucket: Bucket<Run>;

  constructor(bus: Bus) {
    this.#bucket = bus.bucket(AuditRuns);
  }

  async claim(auditId: string, commandId: string): Promise<Claim> {
    const key = keyToken(auditId);
    const entry = (await this.#bucket.get(key)) ?? (await this.#begin(key, auditId, commandId));
    if (entry.value.commandId !== commandId) return { state: 'foreign' };
    if (entry.value.state === 'completed') return { state: 'completed' };
    const complete = async (): Promise<void> => {
      await this.#bucket.put(key, { ...entry.value, state: 'completed', completedAt: new Date().toISOString() });
    };
    return { state: 'running', complete, release: () => this.#bucket.delete(key) };
  }

  /** Of two commands with one id that come at the same time one is first; the other finds it. */
  async #begin(key: string, auditId: string, commandId: string): Promise<Pick<Entry<Run>, 'value'>> {
    const value: Run = { auditId, commandId, state: 'running', startedAt: new Date().toISOString() };
    try {
      await this.#bucket.create(key, value);
      return { value };
    } catch (error) {
      const first = error instanceof RevisionConflict ? await this.#bucket.get(key) : undefined;
      if (first === undefined) throw error;
      return first;
    }
  }
}
