import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Flags } from '../parse/flags.ts';
import { memoryBus } from '../testing/memory-bus.ts';
import { testSession } from '../testing/session.ts';
import { auditEverything } from './scan-bus.ts';

const flags = new Flags([
  ['timeout', 5000],
  ['progress', 'json'],
]);

const summary = { targets: 2, status: { pass: 80, fail: 3 }, severity: { high: 3 }, groups: 2 };

/** Three findings on two pages; the targets come with the first. */
const pages = {
  'isolation.finding-list': ({ cursor }: { cursor?: string }) =>
    cursor === undefined
      ? {
          findings: [{ fingerprint: '1' }, { fingerprint: '2' }],
          total: 3,
          cursor: 'next',
          targets: [{ name: 'a' }],
          summary,
        }
      : { findings: [{ fingerprint: '3' }], total: 3, targets: [], summary },
};

function completed(auditId: string, changes: object = {}) {
  return {
    platform: 'docker',
    auditId,
    trigger: 'command',
    scope: {},
    summary,
    opened: 0,
    resolved: 0,
    missedEvents: 0,
    durationMs: 1,
    cpuMs: 1,
    unknownReasons: {},
    partial: false,
    ...changes,
  };
}

beforeEach(() => {
  vi.spyOn(crypto, 'randomUUID').mockReturnValue('00000000-0000-4000-8000-000000000001');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
const auditId = '00000000-0000-4000-8000-000000000001';

describe('a scan over the bus', () => {
  test('waits for the end of its own audit, then reads every page', async () => {
    const bus = memoryBus(pages);
    const { session, stderr, stdout } = testSession();
    const scanned = auditEverything(bus, flags, session);
    await vi.waitFor(() => expect(bus.asked).toEqual(['isolation.audit-start']));
    bus.put({ data: completed('another', { summary: { ...summary, targets: 99 } }) });
    bus.put({ data: { nonsense: true } });
    bus.put({ data: completed(auditId) });
    expect(await scanned).toEqual({
      findings: [{ fingerprint: '1' }, { fingerprint: '2' }, { fingerprint: '3' }],
      targets: [{ name: 'a' }],
      summary,
    });
    expect(stdout()).toBe('');
    const phases = stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).phase);
    expect(phases).toEqual(['sending', 'waiting for the auditor', '2 containers audited', '2 containers audited']);
  });

  test('says when a source was missing', async () => {
    const bus = memoryBus(pages);
    const { session, stderr } = testSession();
    const scanned = auditEverything(bus, flags, session);
    await vi.waitFor(() => expect(bus.asked).toHaveLength(1));
    bus.put({ data: completed(auditId, { partial: true }) });
    await scanned;
    expect(stderr()).toContain('warning: a source did not answer');
  });

  test('fails with the code of its refusal', async () => {
    const bus = memoryBus(pages, () => ({
      outcome: 'rejected',
      code: 'E-PERM-PUBLISH',
      message: 'not you',
      hint: 'ask an operator',
    }));
    await expect(auditEverything(bus, flags, testSession().session)).rejects.toMatchObject({
      code: 'E-PERM-PUBLISH',
      message: 'not you',
      hint: 'ask an operator',
    });
  });

  test('gives up at its deadline and says that the audit goes on', async () => {
    vi.useFakeTimers();
    const scanned = auditEverything(memoryBus(pages), flags, testSession().session);
    const failed = expect(scanned).rejects.toMatchObject({
      code: 'E-DEADLINE',
      hint: expect.stringContaining('the audit goes on'),
    });
    await vi.advanceTimersByTimeAsync(5001);
    await failed;
  });

  test('ends with Ctrl-C and says that the audit goes on', async () => {
    const stop = new AbortController();
    const bus = memoryBus(pages);
    const scanned = auditEverything(bus, flags, testSession({ signal: stop.signal }).session);
    await vi.waitFor(() => expect(bus.asked).toHaveLength(1));
    stop.abort();
    await expect(scanned).rejects.toMatchObject({ stillRuns: expect.stringContaining('the audit goes on') });
  });
});
