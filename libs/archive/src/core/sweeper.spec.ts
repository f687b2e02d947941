import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { NativeRow } from '../samples/rows.ts';
import { HOUR_MS } from '../samples/tiers.ts';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import { compileRetention } from './retention.ts';
import type { SampleStore, Store } from './store.ts';
import { sweep } from './sweeper.ts';

const H0 = Date.UTC(2026, 5, 1);
const NOW = H0 + 2 * HOUR_MS;
const RESOURCE = 'local/a';

let folder = '';
let store: Store;
let cpu: NativeRow['values'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatrial-sweep-'));
  store = openSqliteStore(join(folder, 'archive.db'));
  const [mid = 0] = await store.samples.resolve([{ metric: 'cpu', attributes: {} }]);
  cpu = new Map([[mid, 1]]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const rowAt = (t: number): NativeRow => ({ r: RESOURCE, t, f: 1, iv: 20, values: cpu });

/** The store, with `before` run ahead of one of its calls. */
function interrupted(call: keyof SampleStore, before: () => Promise<unknown>): Store {
  const samples = new Proxy(store.samples, {
    get: (target, name) =>
      name !== call
        ? Reflect.get(target, name)
        : async (...args: unknown[]): Promise<unknown> => {
            await before();
            return Reflect.apply(target[call], target, args) as unknown;
          },
  });
  return {
    samples,
    records: store.records,
    bytes: () => store.bytes(),
    ping: () => store.ping(),
    probe: () => store.probe(),
    close: () => store.close(),
  };
}

async function hourCount(): Promise<number | undefined> {
  return (await store.samples.readHours(RESOURCE, H0, H0 + HOUR_MS))[0]?.value.cnt;
}

test('a sample that comes while its window is rolled up is not forgotten', async () => {
  await store.samples.putSamples([rowAt(H0)], []);
  let came = 0;
  const late = interrupted('putRolled', async () => {
    if (came++ === 0) await store.samples.putSamples([rowAt(H0 + 20_000)], []);
  });
  await sweep(late, compileRetention(), NOW, () => false);
  expect(await hourCount()).toBe(2);
  expect(await store.samples.dirty({})).toEqual([]);
});

test('a sample that comes between the roll-up and the drop of its hour is rolled up first', async () => {
  await store.samples.putSamples([rowAt(H0)], []);
  let came = 0;
  const late = interrupted('nativeHours', async () => {
    if (came++ === 0) await store.samples.putSamples([rowAt(H0 + 20_000)], []);
  });
  const { nativeHours } = await sweep(late, compileRetention({ nativeMs: 1000 }), NOW, () => false);
  expect(nativeHours).toBe(1);
  expect(await hourCount()).toBe(2);
});

test('what is left of a native hour below the horizon does not replace its roll-up', async () => {
  await store.samples.putSamples([rowAt(H0), rowAt(H0 + 20_000)], []);
  await sweep(store, compileRetention({ nativeMs: 1000 }), NOW, () => false);
  // A writer that had looked at the horizon before the drop.
  await store.samples.putSamples([rowAt(H0 + 40_000)], []);
  const { nativeHours } = await sweep(store, compileRetention({ nativeMs: 1000 }), NOW, () => false);
  expect(nativeHours).toBe(1);
  expect(await hourCount()).toBe(2);
});

test('a sweep that is stopped ends after its slice, and the next one does the rest', async () => {
  await store.samples.putSamples(
    Array.from({ length: 200 }, (_, i) => ({ ...rowAt(H0), r: `local/${i}` })),
    [],
  );
  let slices = 0;
  const first = await sweep(store, compileRetention(), NOW, () => slices++ > 0);
  expect(first.rolledUp).toBeGreaterThan(0);
  expect(first.rolledUp).toBeLessThan(200);
  const second = await sweep(store, compileRetention(), NOW, () => false);
  expect(first.rolledUp + second.rolledUp).toBe(200);
});

test('a database that reports no smaller size stops the removal by size after one step', async () => {
  const hours = [H0 - 3 * HOUR_MS, H0 - 2 * HOUR_MS, H0 - HOUR_MS];
  await store.samples.putSamples(hours.map(rowAt), []);
  const stuck: Store = { ...interrupted('dirty', async () => undefined), bytes: async () => 1_000_000 };
  const report = await sweep(stuck, compileRetention({ maxBytes: 10, nativeMs: 24 * HOUR_MS }), NOW, () => false);
  expect(report).toMatchObject({ nativeHours: 1, overBytes: true });
});
