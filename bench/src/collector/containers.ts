import { startContainer, type TestContainer, type TestContainerSpec, type TestEngine } from '@seatrial/testing';

/** Starts at once at most. */
const PARALLEL = 4;

const LIMITED: TestContainerSpec = { hostConfig: { Memory: 64 * 2 ** 20, NanoCpus: 5e8 } };

/** Containers that sleep; removed when the block ends, also when some could not be started. `specOf` gives the n-th of them its own configuration. */
export async function startMany(
  engine: TestEngine,
  count: number,
  specOf: (n: number) => TestContainerSpec = () => LIMITED,
): Promise<{ readonly all: readonly TestContainer[] } & AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  const all: TestContainer[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next++ < count) all.push(starting.use(await startContainer(engine, specOf(next))));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const started = starting.move();
  return { all, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
