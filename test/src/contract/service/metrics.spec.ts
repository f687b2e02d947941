import { AuditStart } from '@seatrial/contracts';
import { startBroker } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { operator, startProbe } from './probe.ts';

/** A line of the Prometheus text format 0.0.4 that is neither empty nor a comment. */
const SAMPLE =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="(\\[\\"n]|[^\\"\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="(\\[\\"n]|[^\\"\n])*")*\})? (NaN|[+-]Inf|-?[0-9.e+-]+)$/;

test('metrics are Prometheus text: the process, the bus and the parts', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  const bus = await operator(broker);
  await bus.execute(AuditStart, { auditId: 'a', scope: {}, mode: 'declared' });
  await bus.close();
  const response = await fetch(`${String(health)}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  expect(lines.filter((line) => !SAMPLE.test(line))).toEqual([]);
  const names = new Set(lines.map((line) => line.split(/[{ ]/)[0]));
  for (const name of [
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_seconds',
    'seatrial_build_info',
    'seatrial_bus_process_seconds_bucket',
  ])
    expect(names).toContain(name);
  // One command was handled: the histogram of its handler counts one, in its widest bucket and in all.
  const counts = lines.filter(
    (line) => /^seatrial_bus_process_seconds_(count|bucket)/.test(line) && /audit-start/.test(line),
  );
  expect(
    counts
      .filter((line) => line.includes('le="+Inf"') || line.includes('_count'))
      .map((line) => line.split(' ').at(-1)),
  ).toEqual(['1', '1']);
  // Every histogram is cumulative.
  const buckets = counts.filter((line) => line.includes('_bucket')).map((line) => Number(line.split(' ').at(-1)));
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
});
