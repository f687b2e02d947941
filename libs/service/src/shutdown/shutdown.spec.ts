import { expect, test } from 'vitest';

import type { ServiceLog } from '../logging/service-log.ts';
import { Shutdown, type ShutdownStep } from './shutdown.ts';

/** Remembers the steps whose failure it was told. */
function memoryLog(): ServiceLog & { readonly failed: string[] } {
  const failed: string[] = [];
  const log: ServiceLog = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields) => void failed.push((fields as { step: string }).step),
    child: () => log,
  };
  return { ...log, failed };
}

test('steps run in order, each when the one before is over, once for all callers', async () => {
  const seen: string[] = [];
  const step = (name: string): ShutdownStep => ({
    name,
    run: async () => {
      seen.push(`${name} begins`);
      await new Promise((done) => setImmediate(done));
      seen.push(`${name} ends`);
    },
  });
  const log = memoryLog();
  const shutdown = new Shutdown(() => [step('a'), step('b')], log, 1000);
  expect(shutdown.started).toBe(false);
  const ends = await Promise.all([shutdown.run(), shutdown.run()]);
  expect(shutdown.started).toBe(true);
  expect(ends).toEqual([true, true]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a step that fails or never ends does not keep the later ones from running', async () => {
  const seen: string[] = [];
  const log = memoryLog();
  const steps: ShutdownStep[] = [
    {
      name: 'throws',
      run: () => {
        throw new Error('broken');
      },
    },
    { name: 'rejects', run: async () => Promise.reject(new Error('broken')) },
    { name: 'hangs', run: () => new Promise(() => {}) },
    { name: 'last', run: () => void seen.push('last') },
  ];
  expect(await new Shutdown(() => steps, log, 20).run()).toBe(false);
  expect(seen).toEqual(['last']);
  expect(log.failed).toEqual(['throws', 'rejects', 'hangs']);
});

test('what is added by an earlier step is run too', async () => {
  const seen: string[] = [];
  const added: ShutdownStep[] = [];
  function* steps(): Iterable<ShutdownStep> {
    yield { name: 'adds', run: () => void added.push({ name: 'added', run: () => void seen.push('added') }) };
    yield* added;
  }
  await new Shutdown(steps, memoryLog(), 1000).run();
  expect(seen).toEqual(['added']);
});
