/** Which client does the work. */
export type Side = 'bare' | 'ours';

/** One measured round; what it needed is taken down when it is disposed. */
export interface Round extends AsyncDisposable {
  run(): Promise<void>;
}

/** The same work through the bare client and through `libs/bus`. */
export interface Operation {
  readonly name: string;
  /** Messages of one round. */
  readonly n: number;
  /** Sets a round up; only its `run` is measured. */
  begin(side: Side, n: number): Promise<Round>;
}

/** An operation that needs nothing set up. */
export function plain(name: string, n: number, sides: Readonly<Record<Side, (n: number) => Promise<void>>>): Operation {
  return {
    name,
    n,
    begin: (side) => Promise.resolve({ run: () => sides[side](n), [Symbol.asyncDispose]: () => Promise.resolve() }),
  };
}

/** Runs `one` n times, `window` at once. */
export async function windowed(n: number, window: number, one: () => Promise<unknown>): Promise<void> {
  let left = n;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: window }, worker));
}
