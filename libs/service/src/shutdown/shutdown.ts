import type { ServiceLog } from '../logging/service-log.ts';

/** One step of an ordered shutdown. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => unknown;
}

/** Runs every step in order, once for all callers; a step that fails or outlives its time does not keep the later ones from running. */
export class Shutdown {
  readonly #steps: () => Iterable<ShutdownStep>;
  readonly #log: ServiceLog;
  readonly #stepMs: number;
  #done: Promise<boolean> | undefined;

  /** `steps` is walked once, each step when the one before it is over; `stepMs` is the most time of one. */
  constructor(steps: () => Iterable<ShutdownStep>, log: ServiceLog, stepMs: number) {
    this.#steps = steps;
    this.#log = log;
    this.#stepMs = stepMs;
  }

  get started(): boolean {
    return this.#done !== undefined;
  }

  /** Resolves when all is down: true when every step succeeded in time. */
  run(): Promise<boolean> {
    this.#done ??= this.#runAll();
    return this.#done;
  }

  async #runAll(): Promise<boolean> {
    let clean = true;
    for (const step of this.#steps()) {
      const failure = await this.#within(step);
      if (failure === undefined) continue;
      clean = false;
      this.#log.error({ err: failure, step: step.name }, `shutdown: ${step.name} failed`);
    }
    return clean;
  }

  async #within(step: ShutdownStep): Promise<Error | undefined> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`not done in ${this.#stepMs} ms`)), this.#stepMs);
    try {
      await Promise.race([(async () => step.run())(), late]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}
