import draft4 from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';

import { catalogue, finding, mixedScan, scan, target } from '../testing/scan-fixture.ts';
import { scanToSarif } from './to-sarif.ts';

const tool = { version: '0.1.0', informationUri: 'https://example.org/seatrial' };
const validate = sarifValidator();
const sarif = (result = mixedScan()) => JSON.parse(scanToSarif(result, catalogue, tool));

/** The schema is draft 4; of what changed since, it uses the spelling of `id` only. */
function sarifValidator() {
  const { id: _id, $schema: _schema, ...schema } = draft4;
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(schema);
}

test('fits the 2.1.0 schema, full and empty', () => {
  for (const result of [mixedScan(), scan([])]) {
    validate(sarif(result));
    expect(validate.errors).toBeNull();
  }
});

test('the schema would notice: a wrong level is refused', () => {
  const log = sarif();
  log.runs[0].results[0].level = 'fatal';
  expect(validate(log)).toBe(false);
});

describe('a result', () => {
  test.each([
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'note'],
    ['info', 'note'],
  ] as const)('%s is a %s', (severity, level) => {
    const [result] = sarif(scan([finding({ severity })])).runs[0].results;
    expect(result).toMatchObject({ kind: 'fail', level });
  });

  test.each([
    ['unknown', 'open'],
    ['pass', 'pass'],
    ['not-applicable', 'notApplicable'],
  ] as const)('%s has kind %s and no level', (status, kind) => {
    const [result] = sarif(scan([finding({ status })])).runs[0].results;
    expect(result).toMatchObject({ kind, level: 'none' });
  });

  test('waived keeps its level and is suppressed, with the reason', () => {
    const [result] = sarif(scan([finding({ status: 'waived', message: 'accepted until 2027-01-01' })])).runs[0].results;
    expect(result).toMatchObject({
      kind: 'fail',
      level: 'error',
      suppressions: [{ kind: 'external', status: 'accepted', justification: 'accepted until 2027-01-01' }],
    });
  });

  test('carries its fingerprint, its rule and its label', () => {
    const { tool: of, results } = sarif().runs[0];
    for (const result of results) expect(of.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(results.map((one: { partialFingerprints: object }) => one.partialFingerprints)).toContainEqual({
      'seatrial/v1': '05',
    });
    const labels = results.map((one: { properties: { label?: string } }) => one.properties.label).filter(Boolean);
    expect(labels.toSorted()).toEqual(['DEMO', 'DEMO', 'SIMULATED']);
  });

  test('a check that the catalogue does not hold still has a rule', () => {
    const ids = sarif().runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids).toContain('dkr.new.check');
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a hostile name cannot leave the location', () => {
    const [result] = sarif(scan([finding({ target: target('../../<script>\u202e\n') })])).runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('docker/..%2F..%2F%3Cscript%3E%E2%80%AE%0A');
    expect(result.message.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
