import {
  AuditStart,
  contractOfType,
  CONTRACTS,
  H,
  MAX_BODY_BYTES,
  ResourceSynced,
  SampleBatches,
  TargetsList,
  type SampleBatch,
  type SomeContract,
} from '@seatrial/contracts';
import { headers, type MsgHdrs, type MsgHdrsImpl } from '@nats-io/nats-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sampleBatch } from './fixtures/corpus.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';

const synced = {
  src: 'docker',
  tgt: 'local',
  reason: 'start',
  counts: { container: 3 },
  removed: 0,
  at: '2026-01-02T03:04:05.000Z',
} as const;
const Synced = ResourceSynced as unknown as SomeContract;
const Batches = SampleBatches as unknown as SomeContract;
const envelope = { id: 'c1/resource-synced/1', source: '/services/collector' };

/** A copy that a test may change. */
function sent(contract: SomeContract, data: unknown): { headers: MsgHdrs; data: Uint8Array } {
  const { headers: from, payload } = encode(contract, data, envelope);
  const copy = headers();
  for (const [name, values] of from) for (const value of values) copy.append(name, value);
  return { headers: copy, data: payload };
}

describe('encode', () => {
  test('writes CloudEvents headers in binary mode and nothing but data into the body', () => {
    const {
      subject,
      payload,
      headers: h,
    } = encode(Synced, synced, { ...envelope, cause: 'c1', subjectId: 'local', actor: 'ada', role: 'admin' });
    expect(subject).toBe('seatrial.evt.v1.estate.resource-synced.docker.local');
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(synced);
    expect(Object.fromEntries([...h].map(([name, values]) => [name, values[0]]))).toEqual({
      [H.specversion]: '1.0',
      [H.id]: 'c1/resource-synced/1',
      [H.msgId]: 'c1/resource-synced/1',
      [H.source]: '/services/collector',
      [H.type]: 'seatrial.estate.resource-synced.v1',
      [H.time]: expect.stringMatching(/^\d{4}-.*Z$/),
      [H.contentType]: 'application/json',
      [H.subject]: 'local',
      [H.cause]: 'c1',
      [H.actor]: 'ada',
      [H.role]: 'admin',
    });
    expect((h as MsgHdrsImpl).encode().length).toBeLessThan(1_024);
  });

  test('gives a query no message id: nothing is stored', () => {
    expect(encode(TargetsList as unknown as SomeContract, {}, envelope).headers.has(H.msgId)).toBe(false);
  });

  test('refuses a payload that does not fit, naming the place', () => {
    expect(() => encode(Synced, { ...synced, removed: -1 }, envelope)).toThrow(
      expect.objectContaining({
        code: 'E-CONTRACT-PAYLOAD',
        details: { type: 'estate.resource-synced', pointer: '/removed' },
      }),
    );
    expect(() => encode(Synced, { ...synced, more: 1 }, envelope)).toThrow(/\/more is not a field/);
    const circular: Record<string, unknown> = { ...synced };
    circular['removed'] = circular;
    for (const value of [undefined, null, 7, 'text', [], circular, { ...synced, removed: 1n }])
      expect(() => encode(Synced, value, envelope)).toThrow(expect.objectContaining({ code: 'E-CONTRACT-PAYLOAD' }));
  });

  test('refuses 2 MB before anything else, also where the bytes come from characters outside ASCII', () => {
    const large = (text: string): unknown => ({ ...synced, counts: { [text]: 1 } });
    expect(() => encode(Synced, large('x'.repeat(2 * 1024 * 1024)), envelope)).toThrow(
      expect.objectContaining({ code: 'E-BUS-PAYLOAD-TOO-LARGE' }),
    );
    expect(() => encode(Synced, large('é'.repeat(MAX_BODY_BYTES / 2)), envelope)).toThrow(
      expect.objectContaining({ code: 'E-BUS-PAYLOAD-TOO-LARGE' }),
    );
    expect(encode(Synced, large('x'.repeat(200 * 1024)), envelope).payload.length).toBeGreaterThan(200 * 1024);
  });

  test('refuses a header that would start another one', () => {
    for (const subjectId of ['a\r\nNats-Msg-Id: other', 'a\nb', 'a\u0000', 'x'.repeat(257)])
      expect(() => encode(Synced, synced, { ...envelope, subjectId })).toThrow(
        expect.objectContaining({ code: 'E-BUS-CONFIG' }),
      );
    for (const id of ['', 'x'.repeat(201), 'a\r\nb'])
      expect(() => encode(Synced, synced, { ...envelope, id })).toThrow(
        expect.objectContaining({ code: 'E-BUS-CONFIG' }),
      );
  });
});

describe('decode', () => {
  test('gives back what was encoded', () => {
    fc.assert(
      fc.property(sampleBatch, (batch: SampleBatch) => {
        const { headers: h, data } = sent(Batches, batch);
        expect(decode(Batches, { headers: h, data })).toMatchObject({
          ok: true,
          data: JSON.parse(JSON.stringify(batch)) as unknown,
          meta: { id: envelope.id, source: '/services/collector' },
        });
      }),
    );
  });

  test('strips what a later minor version adds', () => {
    const message = sent(Synced, synced);
    const data = Buffer.from(JSON.stringify({ ...synced, later: { any: 1 } }));
    expect(decode(Synced, { ...message, data })).toMatchObject({ ok: true, data: synced });
  });

  test.each(['Nats-Stream', 'Nats-Subject', 'Nats-Sequence'])('takes a message that carries %s for forged', (name) => {
    const message = sent(Synced, synced);
    message.headers.set(name, 'KV_seatrial_watermarks');
    expect(decode(Synced, message)).toMatchObject({ ok: false, code: 'E-BUS-FORGED' });
  });

  test('takes a message whose ids disagree, or that has two of one, for forged', () => {
    const other = sent(Synced, synced);
    other.headers.set(H.msgId, 'another');
    const none = sent(Synced, synced);
    none.headers.delete(H.msgId);
    const twice = sent(Synced, synced);
    twice.headers.append(H.id, 'another');
    for (const message of [other, none, twice])
      expect(decode(Synced, message)).toMatchObject({ ok: false, code: 'E-BUS-FORGED' });
  });

  test('refuses a foreign type, missing headers, broken text, deep nesting, too many bytes', () => {
    const message = sent(Synced, synced);
    const foreign = sent(Synced, synced);
    foreign.headers.set(H.type, 'seatrial.estate.resource-synced.v2');
    const deep = (levels: number): Uint8Array => Buffer.from('['.repeat(levels) + ']'.repeat(levels));
    const refused = (m: { headers?: MsgHdrs; data: Uint8Array }, code = 'E-CONTRACT-PAYLOAD'): void =>
      expect(decode(Synced, m)).toMatchObject({ ok: false, code });
    refused(foreign);
    refused({ data: message.data });
    refused({ headers: headers(), data: message.data });
    refused({ ...message, data: Buffer.from('{"src":') });
    refused({ ...message, data: new Uint8Array() });
    refused({ ...message, data: Uint8Array.of(0x22, 0xff, 0xfe, 0x22) });
    refused({ ...message, data: Buffer.from(JSON.stringify({ ...synced, reason: 'whim' })) });
    refused({ ...message, data: deep(33) });
    refused({ ...message, data: deep(100_000) });
    refused({ ...message, data: Buffer.alloc(MAX_BODY_BYTES + 1, 0x20) }, 'E-BUS-PAYLOAD-TOO-LARGE');
  });

  test.each(['__proto__', '\\u005f_proto__', '\\u005F\\u005fproto__'])(
    'drops the key %s, which would become a prototype',
    (key) => {
      const message = sent(Synced, synced);
      const data = Buffer.from(JSON.stringify(synced).replace('"container":3', `"${key}":7,"container":3`));
      const result = decode<{ counts: object }>(Synced, { ...message, data });
      expect(result).toMatchObject({ ok: true, data: synced });
      expect(result.ok && Object.keys(result.data.counts)).toEqual(['container']);
      const [batch] = fc.sample(sampleBatch, { numRuns: 1, seed: 3 });
      const labels = JSON.stringify({
        ...batch,
        ss: [['cpu', { a: 'b' }]],
        si: (batch?.si ?? []).map(() => 0),
      }).replace('"a":', `"${key}":`);
      const read = decode<SampleBatch>(Batches, { ...sent(Batches, batch), data: Buffer.from(labels) });
      expect(read.ok && Object.getOwnPropertyNames(read.data.ss[0]?.[1])).toEqual([]);
    },
  );

  test('refuses a batch that fits the schema and is malformed', () => {
    const [batch] = fc.sample(
      sampleBatch.filter((b) => b.vs.length > 1),
      { numRuns: 1, seed: 7 },
    );
    if (batch === undefined) throw new Error('no sample');
    const message = sent(Batches, batch);
    const data = Buffer.from(JSON.stringify({ ...batch, vs: batch.vs.slice(1) }));
    expect(decode(Batches, { ...message, data })).toMatchObject({
      ok: false,
      message: expect.stringContaining('columns differ in length'),
    });
  });

  test('never throws, whatever comes on any subject', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.constantFrom('{"__proto__":{"polluted":1}}', '{"src":{"toString":1}}').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CONTRACTS), body, fc.boolean(), (contract, data, withHeaders) => {
        const h = headers();
        h.set(H.id, 'x');
        h.set(H.msgId, 'x');
        h.set(H.type, contract.ceType);
        const result = decode(contract, withHeaders ? { headers: h, data } : { data });
        expect(['fine', 'E-CONTRACT-PAYLOAD', 'E-BUS-FORGED']).toContain(result.ok ? 'fine' : result.code);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});

test('every contract has validators for both sides', () => {
  expect(contractOfType(AuditStart.type)).toBe(AuditStart);
  for (const contract of CONTRACTS) expect(decode(contract, { data: Buffer.from('{}') }).ok, contract.type).toBe(false);
});
