import type { ResourceRecord, TargetState } from '@seatrial/contracts';
import { displayWidth, unpainted } from '@seatrial/report';
import { describe, expect, test } from 'vitest';

import { recordsText, type RecordKind } from '../output/records.ts';
import { UsageFault } from '../parse/fault.ts';
import { Flags, type FlagValue } from '../parse/flags.ts';
import { containerColumns } from './containers.ts';
import { findingColumns, type FindingRow } from './findings.ts';
import { hostColumns } from './hosts.ts';
import { valueOf, type LatestValue } from './live.ts';
import type { ResourceRow } from './resources.ts';
import { countsText, targetColumns } from './targets.ts';
import { unitText } from './unit-text.ts';

const now = Date.parse('2026-11-25T10:00:00Z');

function record(changes: Partial<ResourceRecord> = {}): ResourceRecord {
  return {
    id: 'local/abc',
    tgt: 'local',
    src: 'docker',
    kind: 'container',
    name: 'shop-web',
    native: 'abcdef0123456789',
    status: 'running',
    attrs: {},
    labels: {},
    rel: [],
    digest: 'd',
    firstSeen: '2026-11-25T09:00:00Z',
    lastSeen: '2026-11-25T09:59:00Z',
    ...changes,
  };
}

const value = (metric: string, amount: number, changes: Partial<LatestValue> = {}): LatestValue => ({
  resource: 'local/abc',
  metric,
  attrs: {},
  t: now,
  value: amount,
  unit: '1',
  stale: false,
  ...changes,
});

async function text<Row>(
  rows: readonly Row[],
  columns: RecordKind<Row>['columns'],
  flags: Record<string, FlagValue> = {},
): Promise<string> {
  const kind = { columns, name: () => 'x/y', empty: 'nothing' };
  return recordsText(rows, kind, new Flags(Object.entries({ output: 'table', ...flags })), { width: 80 }, unpainted);
}

const HOSTILE = ['x'.repeat(4096), '検'.repeat(99), '\u001b[31m\u202e\r\n'];

describe.each(HOSTILE)('with %j everywhere', (hostile) => {
  const rowsOf = {
    hosts: () => text([{ record: record({ name: hostile, attrs: { kernel: hostile } }), values: [] }], hostColumns()),
    containers: () =>
      text(
        [{ record: record({ name: hostile, attrs: { image: hostile, ports: hostile } }), values: [] }],
        containerColumns(now),
      ),
    findings: () =>
      text([finding({ message: hostile, target: { ...finding().target, name: hostile } })], findingColumns(now)),
    targets: () => text([target({ version: hostile, message: hostile })], targetColumns(now)),
  };

  test.each(Object.entries(rowsOf))('%s fit 80 columns on one line each', async (_kind, lines) => {
    const [head, row, ...rest] = (await lines()).split('\n');
    expect(rest).toEqual(['']);
    for (const line of [head, row]) expect(displayWidth(line ?? '')).toBeLessThanOrEqual(80);
    expect(row).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

function finding(changes: Partial<FindingRow> = {}): FindingRow {
  return {
    fingerprint: '3f9a21bb77cc00',
    checkId: 'dkr.mount.runtime_socket',
    title: 't',
    status: 'fail',
    severity: 'critical',
    severityBase: 'critical',
    primary: true,
    target: {
      platform: 'docker',
      id: 'i',
      name: 'build-1',
      identity: 'i',
      host: 'local',
      tenant: 'unassigned',
      configHash: 'c',
    },
    message: 'm',
    remedy: 'r',
    evidence: [],
    firstSeen: '2026-11-25T09:00:00Z',
    lastSeen: '2026-11-25T10:00:00Z',
    occurrence: 1,
    confidence: 'effective',
    state: 'open',
    ...changes,
  };
}

function target(changes: Partial<TargetState> = {}): TargetState {
  return {
    id: 'local',
    src: 'docker',
    address: 'unix:///x',
    health: 'degraded',
    capabilities: [],
    counts: { container: 7, engine: 1 },
    since: '2026-11-25T09:00:00Z',
    ...changes,
  };
}

describe('numbers', () => {
  const row: ResourceRow = {
    record: record(),
    values: [value('container.cpu.usage', 0.42), value('container.memory.usage', 64 * 1024 * 1024)],
  };

  test('have units', async () => {
    expect((await text([row], containerColumns(now))).split('\n')[1]).toMatch(/0\.42 {2}64 MiB/);
  });

  test('of a host say how much of what there is, and where tasks wait most', async () => {
    const pressure = (resource: string, percent: number) =>
      value('system.pressure', percent, { unit: '%', attrs: { resource, kind: 'some', window: '10s' } });
    const host: ResourceRow = {
      record: record({ name: 'node-1', status: 'up', attrs: { cpus: 2, memoryBytes: 24 * 1024 ** 3, kernel: '6.18' } }),
      values: [
        value('system.cpu.utilization', 0.25),
        value('system.memory.usage', 3 * 1024 ** 3, { attrs: { 'system.memory.state': 'used' } }),
        value('system.memory.usage', 9 * 1024 ** 3, { attrs: { 'system.memory.state': 'cached' } }),
        pressure('cpu', 1.5),
        pressure('io', 12.4),
      ],
    };
    expect((await text([host], hostColumns())).split('\n')[1]).toBe(
      'node-1  ✓ up       0.50/2  3 GiB/24 GiB  io 12 %   6.18    local',
    );
  });

  test('that are stale or were not measured are empty, never zero', async () => {
    const stale = { ...row, values: [value('container.cpu.usage', 0.42, { stale: true })] };
    expect(await text([stale], containerColumns(now))).not.toMatch(/CPU|MEMORY/);
    expect(valueOf([], 'container.cpu.usage')).toBeUndefined();
  });

  test.each([
    { amount: 64 * 1024 * 1024, unit: 'By', shown: '64 MiB' },
    { amount: 1536, unit: 'By/s', shown: '1.5 KiB/s' },
    { amount: 90, unit: 's', shown: '1 min' },
    { amount: 0.031, unit: '1', shown: '3.1 %' },
    { amount: 6.5, unit: '1', shown: '6.50', metric: 'system.load' },
    { amount: 154669036, unit: '{fault}', shown: '154,669,036 faults' },
    { amount: 12.5, unit: '%', shown: '13 %' },
    { amount: 0.5, unit: '{cpu}', shown: '0.50 cores' },
    { amount: 7, unit: '{thread}', shown: '7 threads' },
    { amount: 1, unit: '{switch}', shown: '1 switch' },
    { amount: 2, unit: '{switch}', shown: '2 switches' },
  ])('$amount $unit reads $shown', ({ amount, unit, shown, metric = 'x.utilization' }) => {
    expect(unitText(amount, unit, metric)).toBe(shown);
  });

  test('of kinds are counted in words', () => {
    expect(countsText({ container: 7, engine: 1, image: 0 })).toBe('7 containers, 1 engine');
  });
});

describe('a table', () => {
  const rows = [
    { record: record({ name: 'b' }), values: [value('container.memory.usage', 2048)] },
    { record: record({ name: 'a' }), values: [value('container.memory.usage', 4096)] },
  ];

  test('labels what is not of the real estate, and only then has the column', async () => {
    expect(await text([{ record: record(), values: [] }], containerColumns(now))).not.toContain('LABEL');
    const demo = { record: record({ labels: { 'io.seatrial.demo': 'true' } }), values: [] };
    expect(await text([demo, { record: record({ simulated: true }), values: [] }], containerColumns(now))).toMatch(
      /DEMO[^]*SIMULATED/,
    );
  });

  test('shows the wanted columns in the wanted order', async () => {
    expect(
      await text(rows, containerColumns(now), {
        columns: ['memory', 'name'],
        'sort-by': 'memory',
        reverse: true,
        'no-headers': true,
      }),
    ).toBe('4 KiB  a\n2 KiB  b\n');
  });

  test('names what it has when a column is unknown', async () => {
    await expect(text(rows, containerColumns(now), { columns: ['memroy'] })).rejects.toThrow(UsageFault);
    await expect(text(rows, containerColumns(now), { 'sort-by': 'nam' })).rejects.toMatchObject({
      hint: expect.stringContaining('Did you mean `name`?'),
    });
  });

  test('of findings marks what could not be known with its own glyph', async () => {
    expect(await text([finding({ status: 'unknown' })], findingColumns(now))).toContain('? CRIT');
  });
});
