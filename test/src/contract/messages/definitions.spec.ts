import {
  AuditStart,
  BUCKETS,
  CONTRACTS,
  contractOfSubject,
  FindingChanged,
  keyToken,
  MAX_BODY_BYTES,
  SampleBatches,
  shardOf,
} from '@seatrial/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

describe('definitions', () => {
  test('no two messages share a subject, nor is one a prefix of another', () => {
    const subjects = CONTRACTS.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const subject of subjects) expect(subjects.filter((other) => other.startsWith(`${subject}.`))).toEqual([]);
  });

  test('every schema says the same in JSON Schema: no refinement, no transform', () => {
    const schemas = [
      ...CONTRACTS.map(({ tolerant }) => tolerant),
      ...CONTRACTS.flatMap((c) => (c.kind === 'rpc' ? [c.replyTolerant] : [])),
      ...BUCKETS.map(({ tolerant }) => tolerant),
    ];
    expect(schemas.flatMap((schema) => inexpressible(schema as z.ZodType))).toEqual([]);
  });

  test('that check sees a refinement and a transform, also deep inside', () => {
    expect(inexpressible(z.object({ a: z.array(z.string().refine((text) => text !== '')) }))).toEqual([
      '/a/*: refinement',
    ]);
    expect(inexpressible(z.object({ a: z.record(z.string(), z.string().transform(Number)) }))).toEqual(['/a/*: pipe']);
  });

  test('a publisher may send no unknown key at any depth, a reader drops it', () => {
    const command = { auditId: 'a', scope: { targets: ['x'], surprise: 1 }, mode: 'declared' };
    expect(AuditStart.schema.safeParse(command).success).toBe(false);
    expect(AuditStart.tolerant.parse({ ...command, later: true })).toEqual({
      auditId: 'a',
      scope: { targets: ['x'] },
      mode: 'declared',
    });
  });

  test('a subject is found by its contract, and holds no text of a person', () => {
    const audit = { auditId: 'Grüße > * .', scope: {}, mode: 'declared' as const };
    const subject = AuditStart.subjectOf(audit);
    expect(subject).toMatch(/^seatrial\.cmd\.v1\.isolation\.audit-start\.h-[0-9a-f]{16}$/);
    expect(contractOfSubject(subject)).toBe(AuditStart);
    expect(contractOfSubject(`${AuditStart.subject}x.y`)).toBeUndefined();
  });

  test('key tokens are legal and shards are stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(keyToken(text)).toMatch(/^[a-z0-9-]{1,64}$/);
      }),
    );
    // Fixed: a change would move every series to another subject and break the order of its samples.
    expect([shardOf('docker/a'), shardOf('host/host'), shardOf('')]).toEqual([6, 5, 9]);
  });

  test('the largest batch that the schema allows is too large for the bus, so the bus must be asked first', () => {
    const batch = { v: 1, src: 'docker', tgt: 't', f: 1, t0: 1, iv: 1, rs: ['t/x'], ss: [['m', {}]], ...columns(4096) };
    expect(SampleBatches.schema.safeParse(batch).success).toBe(true);
    expect(SampleBatches.schema.safeParse({ ...batch, ...columns(4097) }).success).toBe(false);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(MAX_BODY_BYTES);
  });

  test('a check id and its tokens are reversible', () => {
    const subject = FindingChanged.key?.of({ state: 'open', severity: 'high', checkId: 'dkr.caps.net_raw' } as never);
    expect(subject).toEqual(['open', 'high', 'dkr', 'caps', 'net-raw']);
  });
});

function columns(rows: number) {
  const zeros = Array.from({ length: rows }, () => 0);
  return { ri: zeros, si: zeros, ts: zeros, vs: zeros };
}

describe('zod and Ajv', () => {
  const ajv = new Ajv2020({ strict: true, strictTuples: false });
  addFormats.default(ajv);

  test.each(CONTRACTS.map((contract) => [contract.type, contract.tolerant as z.ZodType] as const))(
    'agree on mutated messages of %s',
    (_, schema) => {
      const validate = ajv.compile(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }));
      fc.assert(
        fc.property(valueOf(schema), (value) => {
          expect([value, validate(value)]).toEqual([value, schema.safeParse(value).success]);
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** Values near a schema: mostly valid, with a part replaced by something else now and then. */
function valueOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.constant('x'),
    fc.constant([]),
    fc.constant({}),
    fc.boolean(),
  );
  return fc.oneof({ weight: 12, arbitrary: fitting(schema) }, { weight: 1, arbitrary: wrong });
}

function fitting(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
    const required = fields.filter(([, field]) => !(field instanceof z.ZodExactOptional)).map(([name]) => name);
    return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valueOf(field)])), {
      requiredKeys: required,
    });
  }
  if (schema instanceof z.ZodArray) return fc.array(valueOf(schema.element as z.ZodType), { maxLength: 3 });
  if (schema instanceof z.ZodTuple) return fc.tuple(...schema.def.items.map((item) => valueOf(item as z.ZodType)));
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), valueOf(schema.def.valueType as z.ZodType), { maxKeys: 3 });
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.def.options.map((option) => valueOf(option as z.ZodType)));
  if (schema instanceof z.ZodExactOptional) return valueOf(schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodNullable) return fc.oneof(fc.constant(null), valueOf(schema.def.innerType as z.ZodType));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber)
    return fc.oneof(fc.nat(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  return fc.oneof(
    fc.constant('2026-01-02T03:04:05.000Z'),
    fc.constant('2026-13-02T03:04:05Z'),
    fc.constant('docker'),
    fc.string({ maxLength: 8 }),
  );
}

/** Parts of a schema that JSON Schema cannot express, with their place. */
function inexpressible(schema: z.ZodType, at = ''): string[] {
  const own = (schema.def.checks ?? []).some((check) => check._zod.def.check === 'custom')
    ? [`${at || '/'}: refinement`]
    : [];
  if (schema instanceof z.ZodObject)
    return [
      ...own,
      ...Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, field]) =>
        inexpressible(field, `${at}/${name}`),
      ),
    ];
  if (schema instanceof z.ZodArray) return [...own, ...inexpressible(schema.element as z.ZodType, `${at}/*`)];
  if (schema instanceof z.ZodRecord) return [...own, ...inexpressible(schema.def.valueType as z.ZodType, `${at}/*`)];
  if (schema instanceof z.ZodTuple)
    return [...own, ...schema.def.items.flatMap((item, i) => inexpressible(item as z.ZodType, `${at}/${i}`))];
  if (schema instanceof z.ZodUnion)
    return [...own, ...schema.def.options.flatMap((option) => inexpressible(option as z.ZodType, at))];
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable)
    return [...own, ...inexpressible(schema.def.innerType as z.ZodType, at)];
  const known = ['string', 'number', 'int', 'boolean', 'enum', 'literal', 'unknown'];
  return known.includes(schema.def.type) ? own : [...own, `${at || '/'}: ${schema.def.type}`];
}
