import { CONTRACTS, Frames, SampleBatches, type SomeContract } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { damaged, frame, sampleBatch } from './fixtures/corpus.ts';
import { validatorsOf } from './validators.ts';

const metrics = [
  { contract: SampleBatches as unknown as SomeContract, values: sampleBatch as fc.Arbitrary<object> },
  { contract: Frames as unknown as SomeContract, values: frame as fc.Arbitrary<object> },
];

describe.each(metrics)('$contract.type', ({ contract, values }) => {
  const { strict, tolerant } = validatorsOf(contract);
  // As `decode` reads it: without keys `__proto__`.
  const asJson = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (key, inner: unknown) => (key === '__proto__' ? undefined : inner));

  test('the compiled schema and zod agree on damaged values, for publishers and for readers', () => {
    let rejected = 0;
    let accepted = 0;
    fc.assert(
      fc.property(damaged(values), (value) => {
        const zod = contract.schema.safeParse(value);
        const ours = strict(value);
        expect(ours.ok, JSON.stringify(zod.error?.issues)).toBe(zod.success);
        const lenient = contract.tolerant.safeParse(asJson(value));
        const read = tolerant(asJson(value));
        expect(read.ok).toBe(lenient.success);
        expect(read.ok ? read.value : undefined).toEqual(lenient.data);
        if (zod.success) accepted++;
        else rejected++;
      }),
      { numRuns: 600 },
    );
    // A corpus that is all good or all bad would show nothing.
    expect(rejected).toBeGreaterThan(100);
    expect(accepted).toBeGreaterThan(10);
  });

  test('the compiled schema and zod agree on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(strict(value).ok).toBe(contract.schema.safeParse(value).success);
      }),
    );
  });

  test('readers strip what they do not know, at every depth that has fields', () => {
    fc.assert(
      fc.property(values, (value) => {
        const extended = { ...(asJson(value) as object), later: { deep: [1] } };
        expect(strict(extended).ok).toBe(false);
        const read = tolerant(extended);
        expect(read.ok && 'later' in (read.value as object)).toBe(false);
        expect(read.ok).toBe(contract.tolerant.safeParse(value).success);
      }),
    );
  });
});

test('a place that does not fit is named by a JSON pointer, whoever checks', () => {
  const { strict } = validatorsOf(SampleBatches as unknown as SomeContract);
  const good = {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: 0,
    t0: 0,
    iv: 1,
    rs: ['local/a'],
    ss: [['cpu', {}]],
    ri: [0],
    si: [0],
    ts: [0],
    vs: [1],
  };
  expect(strict(good).ok).toBe(true);
  expect(strict({ ...good, vs: [1, 'x'] })).toMatchObject({ misfit: { pointer: '/vs/1' } });
  expect(strict({ ...good, 'a/b': 1 })).toMatchObject({
    misfit: { pointer: '/a~1b', why: 'is not a field of this contract' },
  });
  const { iv: _, ...without } = good;
  expect(strict(without)).toMatchObject({ misfit: { pointer: '/iv', why: 'is missing' } });
  expect(strict({ ...good, vs: [Number.NaN] }).ok).toBe(false);

  const event = CONTRACTS.find((contract) => contract.type === 'estate.resource-synced');
  if (event === undefined) throw new Error('the contract is gone');
  const synced = {
    src: 'docker',
    tgt: 'local',
    reason: 'start',
    counts: { container: -1 },
    removed: 0,
    at: new Date(0).toISOString(),
  };
  expect(validatorsOf(event).strict(synced)).toMatchObject({ misfit: { pointer: '/counts/container' } });
  expect(validatorsOf(event).strict({ ...synced, counts: {}, extra: 1 })).toMatchObject({
    misfit: { pointer: '/extra' },
  });
});

test('no metric leaves a place where any value fits: nesting is bounded by the schema alone', () => {
  for (const contract of CONTRACTS.filter((c) => c.kind === 'met')) {
    const text = JSON.stringify(z.toJSONSchema(contract.tolerant, { io: 'input' }));
    expect(text.replaceAll(/"(properties|\$defs)":\{\}/g, ''), contract.type).not.toMatch(/[:[,]\{\}/);
  }
});
