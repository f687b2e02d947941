import { shardOf, type Frame, type SampleBatch } from '@seatrial/contracts';
import fc from 'fast-check';

/** Resources of one shard, so that batches of any of them are well formed. */
const RESOURCES = Array.from({ length: 2_000 }, (_, i) => `local/${i.toString(16).padStart(12, '0')}`).filter(
  (id) => shardOf(id) === 5,
);

const index = (n: number): fc.Arbitrary<number> => fc.nat(Math.max(0, n - 1));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** Batches that are well formed in every respect. */
export const sampleBatch: fc.Arbitrary<SampleBatch> = fc
  .record({
    rs: fc.uniqueArray(fc.constantFrom(...RESOURCES), { minLength: 1, maxLength: 20 }),
    ss: fc.array(
      fc.tuple(
        fc.constantFrom('container.cpu.time', 'host.memory', 'é😀'),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
      ),
      {
        minLength: 1,
        maxLength: 10,
      },
    ),
    rows: fc.nat(200),
    f: fc.nat(),
    bf: fc.option(fc.boolean(), { nil: undefined }),
    t0: fc.nat(2_000_000_000),
    iv: fc.double({ min: 0.001, max: 3_600, noNaN: true }),
  })
  .chain(({ rs, ss, rows, f, bf, t0, iv }) =>
    fc
      .record({
        ri: fc.array(index(rs.length), { minLength: rows, maxLength: rows }),
        si: fc.array(index(ss.length), { minLength: rows, maxLength: rows }),
        ts: fc.array(fc.integer(), { minLength: rows, maxLength: rows }),
        vs: fc.array(finite, { minLength: rows, maxLength: rows }),
      })
      .map((columns): SampleBatch => ({
        v: 1,
        src: 'docker',
        tgt: 'local',
        f,
        t0,
        iv,
        ...(bf === undefined ? {} : { bf }),
        rs,
        ss,
        ...columns,
      })),
  );

const maybe = fc.option(finite);
const usage = fc.record({ used: maybe, capacity: maybe, util: maybe });
const top = fc.array(fc.record({ id: fc.string(), value: finite }), { maxLength: 10 });

/** Frames that are well formed. */
export const frame: fc.Arbitrary<Frame> = fc.record({
  v: fc.constant(1 as const),
  t: fc.nat(),
  scope: fc.string({ maxLength: 64 }),
  seq: fc.nat(),
  simulated: fc.boolean(),
  counts: fc.dictionary(fc.string(), fc.record({ total: fc.nat(), byStatus: fc.dictionary(fc.string(), fc.nat()) })),
  cpu: usage,
  memory: usage,
  disk: usage,
  net: fc.record({ rx: maybe, tx: maybe }),
  pressure: fc.record({ cpu: maybe, memory: maybe, io: maybe }),
  top: fc.record({ cpu: top, memory: top }),
  children: fc.record({
    id: fc.array(fc.string()),
    cpu: fc.array(maybe),
    memory: fc.array(maybe),
    state: fc.array(fc.string()),
    simulated: fc.array(fc.boolean()),
    more: fc.nat(),
  }),
  sources: fc.array(
    fc.record({
      tgt: fc.constantFrom('local', 'edge-1'),
      src: fc.constantFrom('docker', 'host'),
      health: fc.constantFrom('ok', 'degraded', 'down'),
      lagMs: maybe,
      coverage: maybe,
    }),
  ) as fc.Arbitrary<Frame['sources']>,
  failed: fc.array(fc.string()),
  flags: fc.array(fc.string()),
});

/** A JSON value with one place changed: a key removed, added or replaced, anywhere. */
export function damaged(value: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc
    .tuple(value, fc.infiniteStream(fc.nat(1_000)), fc.constantFrom('remove', 'add', 'replace'), fc.jsonValue())
    .map(([whole, choice, change, other]) => {
      const copy = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
      let at: Record<string, unknown> = copy;
      for (;;) {
        const keys = Object.keys(at);
        const key = keys[choice.next().value % Math.max(1, keys.length)];
        if (key === undefined || change === 'add') {
          const inner = key === undefined ? undefined : at[key];
          if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && choice.next().value % 2 === 0) {
            at = inner as Record<string, unknown>;
            continue;
          }
          if (Array.isArray(at)) at.push(other);
          else at['unheardOf'] = other;
          return copy;
        }
        const inner = at[key];
        if (typeof inner === 'object' && inner !== null && choice.next().value % 3 > 0) {
          at = inner as Record<string, unknown>;
          continue;
        }
        if (change === 'replace') at[key] = other;
        else if (Array.isArray(at)) at.splice(Number(key), 1);
        else Reflect.deleteProperty(at, key);
        return copy;
      }
    });
}
