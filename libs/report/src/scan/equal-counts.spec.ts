import { describe, expect, test } from 'vitest';

import { elements, readXml } from '../testing/read-xml.ts';
import { catalogue, mixedScan, scan } from '../testing/scan-fixture.ts';
import type { ScanResult } from './result.ts';
import { tallyFindings, type Tally } from './tally.ts';
import { scanToJson, scanToNdjson } from './to-json.ts';
import { scanToJunit } from './to-junit.ts';
import { scanToMarkdown } from './to-markdown.ts';
import { scanToSarif } from './to-sarif.ts';
import { scanToTable } from './to-table.ts';

type Counted = Parameters<typeof tallyFindings>[0];
const tally = (rows: readonly { status: string | undefined; severity: string | undefined }[]): Tally =>
  tallyFindings(rows as Counted);

/** Reads the number of findings by status and severity back from each format, the way its consumer would. */
const readers: Readonly<Record<string, (result: ScanResult) => Tally>> = {
  json: (result) => tally(JSON.parse(scanToJson(result)).findings),
  ndjson: (result) => tally(lines(scanToNdjson(result)).map((line) => JSON.parse(line))),
  sarif: (result) => {
    const [run] = JSON.parse(scanToSarif(result, catalogue, { version: '0.1.0' })).runs;
    return tally(
      run.results.map((one: { kind: string; suppressions?: unknown[]; properties: { severity: string } }) => ({
        status: one.kind === 'open' ? 'unknown' : one.suppressions === undefined ? one.kind : 'waived',
        severity: one.properties.severity,
      })),
    );
  },
  junit: (result) => {
    const words: Record<string, string> = { failure: 'fail', error: 'unknown', skipped: 'waived' };
    return tally(
      elements(readXml(scanToJunit(result)), 'testcase').map((one) => {
        const outcome = one.children.find(({ name }) => name !== 'properties');
        const severity = elements(one, 'property').find(({ attributes }) => attributes.name === 'severity')?.attributes
          .value;
        return { status: words[outcome?.name ?? ''], severity };
      }),
    );
  },
  markdown: (result) => {
    const words = ['critical', 'high', 'medium', 'low', 'info'];
    const rows = lines(scanToMarkdown(result)).filter((line) => /^\| (fail|unknown|waived) \|/.test(line));
    return tally(
      rows.flatMap((row) => {
        const [, status, ...counts] = row.split('|').map((cell) => cell.trim());
        return words.flatMap((severity, at) =>
          Array.from({ length: Number(counts[at]) }, () => ({ status, severity })),
        );
      }),
    );
  },
  table: (result) => {
    const words: Record<string, string> = { CRIT: 'critical', HIGH: 'high', MED: 'medium', LOW: 'low', INFO: 'info' };
    return tally(
      lines(scanToTable(result, { wide: true }))
        .slice(1)
        .flatMap((line) => {
          const [, severity, status] = /^. (CRIT|HIGH|MED|LOW|INFO) +(fail|unknown|waived)/.exec(line) ?? [];
          return severity === undefined ? [] : [{ status, severity: words[severity] }];
        }),
    );
  },
};

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

describe.each(Object.entries(readers))('%s counts by status and severity as the result does', (_format, read) => {
  test('with every status, severity and label', () => {
    const result = mixedScan();
    expect(read(result)).toEqual(tallyFindings(result.findings));
  });

  test('with nothing found', () => {
    expect(read(scan([]))).toEqual({});
  });
});

test('the sentence of a person counts the same findings', () => {
  const sentence = scanToTable(mixedScan()).split('\n').slice(-3).join(' ');
  expect(sentence).toContain(
    '2 critical, 2 high, 2 medium, 2 low, 1 info (1 of them part of another); 1 unknown; 1 waived; 300 checks passed.',
  );
});
