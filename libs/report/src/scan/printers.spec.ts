import { describe, expect, test } from 'vitest';

import { displayWidth } from '../text/width.ts';
import { elements, readXml } from '../testing/read-xml.ts';
import { catalogue, finding, mixedScan, scan, target, verdict } from '../testing/scan-fixture.ts';
import { foldByCheck } from './fold.ts';
import type { ScanResult } from './result.ts';
import { breaches } from './tally.ts';
import { scanToJson } from './to-json.ts';
import { scanToJunit } from './to-junit.ts';
import { scanToMarkdown } from './to-markdown.ts';
import { scanToSarif } from './to-sarif.ts';
import { scanToTable } from './to-table.ts';

const HOSTILE = [
  '\u001b[2J\u001b[31mred',
  'a\r\nb',
  '<script>alert(1)</script>',
  '=cmd|calc',
  '`|x|`',
  '\u202egpj',
  'x'.repeat(4096),
  '検'.repeat(300),
  ']]>&"\'',
];

describe('the table', () => {
  test('folds equal verdicts, hides what is part of another, and fits 80 columns', () => {
    const text = scanToTable(mixedScan());
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(text).toMatch(/! MED +dkr\.limit\.memory +web-1 \+1 /);
    expect(text).not.toContain('dkr.caps.extra');
    expect(text).toMatch(/SIMULATED/);
    expect(text).toMatch(/DEMO/);
  });

  test('has no label column when everything is real', () => {
    expect(scanToTable(scan([finding()]))).not.toContain('LABEL');
  });

  test('wide names everything, with nothing cut', () => {
    const [long] = scanToTable(scan([finding({ message: 'm'.repeat(300) })]), { wide: true, headers: false }).split(
      '\n',
    );
    expect(long).toContain('m'.repeat(300));
  });

  test('is quiet when clean', () => {
    expect(
      scanToTable({
        ...scan([], 336),
        targets: [verdict(target('web'))],
        summary: { ...scan([], 336).summary, targets: 8 },
      }),
    ).toBe('8 containers: no findings; 336 checks passed.\n');
  });

  test('says from where the host is open', () => {
    const result: ScanResult = {
      ...scan([finding()]),
      targets: [verdict(target('build-1'), 0), verdict(target('web'), null)],
    };
    expect(scanToTable(result)).toContain('The host is open (K 0) from: build-1\n');
  });

  test('real findings stand before simulated ones, worst first', () => {
    const checks = foldByCheck(mixedScan().findings).map((fold) => `${fold.finding.checkId} ${fold.label}`.trim());
    expect(checks[0]).toBe('dkr.privileged');
    expect(checks.at(-1)).toBe('dkr.privileged SIMULATED');
  });
});

describe('JUnit', () => {
  test('has one suite a target, clean ones too, and its counts add up', () => {
    const result = { ...mixedScan(), targets: [...mixedScan().targets, verdict(target('clean'))] };
    const root = readXml(scanToJunit(result));
    const suites = elements(root, 'testsuite');
    expect(suites.map(({ attributes }) => attributes.name)).toEqual(
      expect.arrayContaining(['web-1', 'build-1', 'clean']),
    );
    const sums = ['tests', 'failures', 'errors', 'skipped'].map((count) => [
      count,
      String(suites.reduce((total, { attributes }) => total + Number(attributes[count]), 0)),
    ]);
    expect(root.attributes).toMatchObject(Object.fromEntries(sums));
    for (const suite of suites) {
      const held = Object.entries({ tests: 'testcase', failures: 'failure', errors: 'error', skipped: 'skipped' }).map(
        ([count, element]) => [count, String(elements(suite, element).length)],
      );
      expect(suite.attributes).toMatchObject(Object.fromEntries(held));
    }
  });
});

describe.each(HOSTILE)('a target named %j', (name) => {
  const hostile = scan([finding({ target: target(name), message: name, title: name, remedy: name })]);

  test('leaves the table its width and its lines', () => {
    const text = scanToTable(hostile);
    expect(text.split('\n')).toHaveLength(5);
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('leaves XML well formed', () => {
    const [suite] = elements(readXml(scanToJunit(hostile)), 'testsuite');
    expect(suite?.attributes.name).toBeDefined();
  });

  test('stays inside its Markdown cell', () => {
    const rows = scanToMarkdown(hostile)
      .split('\n')
      .filter((line) => line.startsWith('| high'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(8);
    expect(rows[0]?.replaceAll(/(`+).*?[^`]\1(?!`)/g, '')).not.toMatch(/<script>|=cmd/);
  });

  test('is exact in JSON and SARIF, and harmless on a terminal', () => {
    for (const text of [scanToJson(hostile), scanToSarif(hostile, catalogue, { version: '0' })]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(JSON.parse(scanToJson(hostile)).findings[0].target.name).toBe(name);
  });
});

describe('the gate', () => {
  const { findings } = mixedScan();
  const ids = (gate: Parameters<typeof breaches>[1]) => breaches(findings, gate).map(({ fingerprint }) => fingerprint);

  test('objects to failures of the level and worse, never to waived or subsumed ones', () => {
    expect(ids({ failOn: 'critical' })).toEqual(['03', '10']);
    expect(ids({ failOn: 'high' })).toEqual(['03', '05', '10']);
    expect(ids({})).toEqual([]);
  });

  test('objects to the unknown when told so', () => {
    expect(ids({ failOnUnknown: true })).toEqual(['08']);
    expect(ids({ failOn: 'critical', failOnUnknown: true })).toEqual(['03', '10']);
    expect(ids({ failOn: 'high', failOnUnknown: true })).toEqual(['03', '05', '08', '10']);
  });
});
