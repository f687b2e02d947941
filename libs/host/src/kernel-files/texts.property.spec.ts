import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCgroupMembership } from '../cgroup/membership.ts';
import { parseCpuMax, parseLimit } from '../cgroup/limits.ts';
import { parseTcpListeners, parseUnixListeners } from '../evidence/listeners.ts';
import { parseStatus } from '../evidence/status.ts';
import { parseDiskStats, parseLoadAvg, parseMemInfo, parseStat, parseUptime, parseVmStat } from '../metrics/parse.ts';
import { numberBehind, pickNumbers } from './flat-keyed.ts';
import { parseMountInfo } from './mountinfo.ts';
import { parseNetDev } from './net-dev.ts';
import { parsePressure } from './pressure.ts';
import { parseProcessStat } from './process.ts';

/** Keys that are beginnings and ends of each other are where a search goes wrong. */
const key = fc.constantFrom('f1', 'file', 'inactive_file', 'file_mapped', 'total_file', 'f', 'usage', 'usage_usec');
const value = fc.nat();

test('a number is found exactly where splitting the text into lines and words finds it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }), key, (lines, wanted) => {
      const text = lines.map(([name, number]) => `${name} ${number}\n`).join('');
      const naive = text
        .split('\n')
        .map((line) => line.split(' '))
        .find(([name]) => name === wanted)?.[1];
      expect(numberBehind(text, wanted)).toBe(naive === undefined ? undefined : Number(naive));
    }),
  );
});

test('picking several keeps zero and leaves out what is absent', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, fc.constantFrom(0, 7)), { selector: ([name]) => name }), (lines) => {
      const text = lines.map(([name, number]) => `${name} ${number}\n`).join('');
      const names = { file: 'file', f: 'f', usage: 'usage' } as const;
      const expected = Object.fromEntries(lines.filter(([name]) => name in names));
      expect(pickNumbers(text, names)).toEqual(expected);
    }),
  );
});

/** What the kernel prints, a line of each kind. */
const SAMPLES = [
  '36 35 98:0 /a\\040b /mnt rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
  '4:memory:/docker/abc',
  '150000 100000',
  'Uid:\t1000\t1001\t1002\t1003\nGroups:\t10 999\nCapBnd:\t00000000a80425fb\nSeccomp:\t2',
  `12 (sh) S 77 ${'0 '.repeat(17)}162338 0`,
  '  eth0: 100 2 0 1 0 0 0 0 200 3 0 0 0 0 0 0',
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0',
  '0000000000000000: 00000002 00000000 00010000 0001 01 18113 /var/run/docker.sock',
  'some avg10=1.50 avg60=0.25 avg300=0.05 total=300\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7',
  'cpu  10 1 20 300 4 0 5 6 0 0\ncpu0 10 1 20 300 4 0 5 6 0 0\nctxt 123\nbtime 1795569664',
  'MemTotal:       1000 kB\nMemAvailable:    400 kB',
  '0.08 0.12 0.15 2/300 4242',
  '1771.15 3000.00',
  'pgfault 15881075\noom_kill 0',
  '   8       0 sda 1 0 8 0 2 0 16 0 0 30 40 0 0 0 0',
];

/** A sample in which one stretch was replaced by something else, and plain noise. */
const noise = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      fc.constantFrom(...SAMPLES),
      fc.nat(200),
      fc.nat(6),
      fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('.', '-', 'x', '\n', ' ')),
    )
    .map(
      ([sample, at, length, other]) =>
        sample.slice(0, at % sample.length) + other + sample.slice((at % sample.length) + length),
    ),
);

describe('no text makes a parser throw or invent a number that is none', () => {
  test.each<[string, (text: string) => unknown]>([
    ['mountinfo', (text) => parseMountInfo(text)],
    ['cgroup', parseCgroupMembership],
    ['limit', parseLimit],
    ['cpu.max', parseCpuMax],
    ['status', (text) => parseStatus(text, '/proc/1/status')],
    ['stat of a process', parseProcessStat],
    ['net/dev', parseNetDev],
    ['net/tcp', (text) => parseTcpListeners(`local_address\n${text}`)],
    ['net/unix', (text) => parseUnixListeners(`Num\n${text}`)],
    ['pressure', parsePressure],
    ['stat', parseStat],
    ['meminfo', parseMemInfo],
    ['loadavg', parseLoadAvg],
    ['uptime', parseUptime],
    ['vmstat', parseVmStat],
    ['diskstats', (text) => parseDiskStats(text, new Set(['sda']))],
  ])('%s', (_, parse) => {
    fc.assert(
      fc.property(noise, (text) => {
        expect(numbersIn(parse(text)).filter(Number.isNaN)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

function numbersIn(result: unknown): number[] {
  if (typeof result === 'number') return [result];
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(numbersIn) : [];
}
