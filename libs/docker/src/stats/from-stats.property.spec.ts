import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countersFromStats } from './from-stats.ts';

/** Answers with the right names and any values below them. */
const answer = fc.record(
  {
    read: fc.constantFrom('2026-11-25T01:48:07Z', '0001-01-01T00:00:00Z', 7, null),
    cpu_stats: fc.oneof(fc.anything(), fc.record({ cpu_usage: fc.record({ total_usage: fc.anything() }) })),
    memory_stats: fc.oneof(
      fc.anything(),
      fc.record({ usage: fc.anything(), limit: fc.double(), stats: fc.anything() }),
    ),
    blkio_stats: fc.record({ io_service_bytes_recursive: fc.array(fc.anything()) }),
    pids_stats: fc.anything(),
    networks: fc.dictionary(fc.string(), fc.anything()),
  },
  { requiredKeys: [] },
);

test('no answer makes it throw or gives a counter that is no count', () => {
  fc.assert(
    fc.property(fc.oneof(answer, fc.anything()), (stats) => {
      const {
        network,
        atMs: _,
        epoch: __,
        ...counters
      } = countersFromStats(stats, { epoch: 'life' }) ?? { atMs: 0, epoch: '' };
      for (const value of Object.values(counters)) expect(Number.isFinite(value) && Number(value) >= 0).toBe(true);
      for (const { name: ___, ...each } of network ?? []) expect(Object.values(each).every(Number.isFinite)).toBe(true);
    }),
  );
});
