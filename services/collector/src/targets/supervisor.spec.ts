import type { HeldLease } from '@seatrial/bus';
import { expect, test } from 'vitest';

import { TargetSupervisor } from './supervisor.ts';
import type { Target } from './target.ts';

const silent = { error: () => undefined, info: () => undefined, warn: () => undefined };

/** Leases that are free for whoever asks; each can be taken away. */
class FakeLeases {
  readonly given: AbortController[] = [];
  released = 0;
  readonly lease = (_: unknown, __: string, options?: { signal?: AbortSignal }): unknown => ({
    acquire: async (): Promise<Partial<HeldLease>> => {
      options?.signal?.throwIfAborted();
      const lost = new AbortController();
      this.given.push(lost);
      return {
        fence: this.given.length,
        signal: lost.signal,
        [Symbol.asyncDispose]: async () => void this.released++,
      };
    },
  });
}

/** A target that runs until it is told otherwise. */
class FakeTarget implements Target {
  readonly id = 't';
  readonly src = 'host';
  readonly state = undefined;
  readonly fences: number[] = [];
  fail: ((error: Error) => void) | undefined;

  async run({ fence }: HeldLease, signal: AbortSignal): Promise<void> {
    this.fences.push(fence);
    await new Promise<void>((resolve, reject) => {
      this.fail = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

const until = async (fact: () => boolean): Promise<void> => {
  while (!fact()) await new Promise(setImmediate);
};

test('a target that fails starts again under a new lease; one whose lease is lost too', async () => {
  const [leases, target] = [new FakeLeases(), new FakeTarget()];
  const supervisor = new TargetSupervisor(leases as never, silent, { retryMs: 0 });
  supervisor.start([target]);
  await until(() => target.fences.length === 1);
  expect(supervisor.held).toEqual([target]);
  target.fail?.(new Error('a defect'));
  await until(() => target.fences.length === 2);
  leases.given[1]?.abort();
  await until(() => target.fences.length === 3);
  expect([target.fences, leases.released]).toEqual([[1, 2, 3], 2]);
  await supervisor.stop();
});

test('a stop ends every target and gives every lease back', async () => {
  const [leases, targets] = [new FakeLeases(), [new FakeTarget(), new FakeTarget()]];
  const supervisor = new TargetSupervisor(leases as never, silent);
  supervisor.start(targets);
  await until(() => targets.every(({ fences }) => fences.length === 1));
  await supervisor.stop();
  await supervisor.stop();
  expect(leases.released).toBe(2);
  expect(supervisor.held).toEqual([]);
});
