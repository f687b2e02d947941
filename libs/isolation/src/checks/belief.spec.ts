import fc from 'fast-check';
import { expect, test } from 'vitest';

import { auditOf, failing, idsWith } from '../fixtures/audits.ts';
import { FLAGS } from '../fixtures/flags.ts';
import { hardenedInspect } from '../fixtures/inspect.ts';
import type { FactDocument } from '../facts/document.ts';
import type { Fact } from '../facts/fact.ts';
import { and, andThen, believe, conclude, or, truth, type Truth } from './belief.ts';

const fact = fc.oneof(
  fc.record({ value: fc.boolean(), ref: fc.constant('/x') }),
  fc.record({ missing: fc.constantFrom('denied', 'gone', 'unsupported', 'source-down', 'redacted') }),
) as fc.Arbitrary<Fact<boolean>>;

function verdict(document: Partial<FactDocument>, kernel: Fact<boolean>, config: Fact<boolean>) {
  return conclude(
    believe(document as FactDocument, kernel, config),
    (bad) => (bad ? { message: 'bad' } : undefined),
    'fine',
  ).status;
}

test('what is said of a running, observed process is what the kernel says, or a fault, or unknown', () => {
  fc.assert(
    fc.property(fact, fact, (kernel, config) => {
      const status = verdict({ hasProcess: true, observed: true }, kernel, config);
      if ('value' in kernel) return status === (kernel.value ? 'fail' : 'pass');
      return status === ('value' in config && config.value ? 'fail' : 'unknown');
    }),
  );
  expect(verdict({ hasProcess: true, observed: true }, { missing: 'denied' }, { value: false, ref: '/x' })).toBe(
    'unknown',
  );
});

test('without a process, or without a reader, the configuration decides', () => {
  fc.assert(
    fc.property(
      fact,
      fact,
      fc.constantFrom({ hasProcess: false, observed: true }, { hasProcess: true, observed: false }),
      (kernel, config, document) => {
        return verdict(document, kernel, config) === ('value' in config ? (config.value ? 'fail' : 'pass') : 'unknown');
      },
    ),
  );
  expect(verdict({ hasProcess: false, observed: true }, { missing: 'gone' }, { value: true, ref: '/x' })).toBe('fail');
});

test('a list that was cut short acquits nobody', () => {
  const config = { value: false, ref: '/x', truncated: true } as const;
  expect(verdict({ hasProcess: false }, { missing: 'gone' }, config)).toBe('unknown');
  expect(verdict({ hasProcess: false }, { missing: 'gone' }, { ...config, value: true })).toBe('fail');
});

test('three-valued truth', () => {
  const values: readonly Truth[] = [true, false, undefined];
  for (const a of values) {
    for (const b of values) {
      expect(and(a, b)).toBe(
        a === false || b === false ? false : a === undefined || b === undefined ? undefined : true,
      );
      expect(andThen(a, () => b)).toBe(and(a, b));
      expect(or(a, b)).toBe(a === true || b === true ? true : a === undefined || b === undefined ? undefined : false);
    }
  }
  expect(truth({ unknown: 'x' }, () => true)).toBeUndefined();
});

// Both evaluators, over any combination of flags; the kernel is a model of its own. What only the kernel can show is left out.
const combinable = FLAGS.filter((flag) => !flag.kernelOnly && flag.info === undefined);

test('configuration and kernel agree on any combination of flags', () => {
  fc.assert(
    fc.property(fc.subarray(combinable, { maxLength: 8 }), (flags) => {
      const draft = hardenedInspect();
      for (const flag of flags) flag.apply(draft);
      const peers = flags.flatMap((flag) => (flag.peer ? [flag.peer()] : [])).slice(0, 1);
      const [declared, effective] = [auditOf(draft, peers, { mode: 'declared' }), auditOf(draft, peers)];
      const unsure = new Set(idsWith(declared, 'unknown'));
      expect(failing(effective).filter((id) => !unsure.has(id))).toEqual(failing(declared));
      expect(declared.k.host ?? effective.k.host).toBe(effective.k.host);
    }),
    { numRuns: 500 },
  );
});
