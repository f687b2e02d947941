import { expect, test } from 'vitest';

import { BusMetrics, Histogram, Series } from './metrics.ts';

test('a histogram counts cumulatively, as Prometheus wants it', () => {
  const histogram = new Histogram('h', 'l', 'help', [0.1, 1, 10]);
  for (const value of [0.05, 0.1, 0.5, 5, 50]) histogram.observe('a', value);
  expect(histogram.values.get('a')).toEqual({ buckets: [2, 3, 4], count: 5, sum: 55.65 });
});

test('series keep one number a label', () => {
  const series = new Series('counter', 's', 'l', 'help');
  series.add('a');
  series.add('a', 2);
  series.add('b');
  expect([...series.values]).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
  expect(series.total).toBe(4);
});

test('every metric of the bus is listed once, under a name that Prometheus takes', () => {
  const { all } = new BusMetrics();
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('seatrial_bus_published_total');
  for (const { name, help, kind } of all) {
    expect(name).toMatch(/^seatrial_bus_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(help).not.toBe('');
  }
});
