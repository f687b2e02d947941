import { describe, expect, test } from 'vitest';
import { parseNetDev } from './net-dev.ts';
import { parsePressure } from './pressure.ts';
import { parseProcessStat } from './process.ts';

describe('pressure', () => {
  test('reads both lines with their units', () => {
    const text = 'some avg10=1.50 avg60=0.25 avg300=0.05 total=300\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n';
    expect(parsePressure(text)).toEqual({
      some: { avg10Percent: 1.5, avg60Percent: 0.25, avg300Percent: 0.05, totalMicros: 300 },
      full: { avg10Percent: 0, avg60Percent: 0, avg300Percent: 0, totalMicros: 7 },
    });
  });

  test('the CPU of older kernels has no full line, and an empty file has nothing', () => {
    expect(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n')).not.toHaveProperty('full');
    expect(parsePressure('')).toBeUndefined();
  });
});

test('network counters: no blank after the colon of a wide number, and the head is no interface', () => {
  const text = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo:      10       1    0    0    0     0          0         0       10       1    0    0    0     0       0          0',
    '  eth0:991941299   38475    1    2    0     0          0         0  3280426   26069    3    4    0     0       0          0',
    'broken: 1 2',
  ].join('\n');
  expect(parseNetDev(text)).toEqual([
    {
      name: 'lo',
      rxBytes: 10,
      rxPackets: 1,
      rxErrors: 0,
      rxDropped: 0,
      txBytes: 10,
      txPackets: 1,
      txErrors: 0,
      txDropped: 0,
    },
    {
      name: 'eth0',
      rxBytes: 991_941_299,
      rxPackets: 38_475,
      rxErrors: 1,
      rxDropped: 2,
      txBytes: 3_280_426,
      txPackets: 26_069,
      txErrors: 3,
      txDropped: 4,
    },
  ]);
});

test('the name of a process may look like the rest of its stat line', () => {
  const rest = Array.from({ length: 30 }, (_, i) => String(i + 5));
  const fields = ['S', '77', ...rest];
  fields[19] = '162338';
  expect(parseProcessStat(`12 (a) S 1 (x y) ${fields.join(' ')}\n`)).toEqual({ parentPid: 77, startTicks: 162_338 });
  expect(parseProcessStat('12 (sh) S')).toBeUndefined();
});
