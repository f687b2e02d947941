import { AuditCompleted, FindingChanged, ResourceChanged, STANDARD, type EventContract } from '@seatrial/contracts';
import { displayWidth, unpainted } from '@seatrial/report';
import { describe, expect, test } from 'vitest';

import type { BusMessage } from '../connect/client.ts';
import { eventLine, messageRecord, messageText } from './message-text.ts';

function event<D>(contract: EventContract<D>, data: unknown): BusMessage {
  return {
    subject: contract.subject,
    headers: { 'ce-type': contract.ceType, 'ce-source': '/services/collector' },
    data,
    at: Date.UTC(2026, 10, 25, 10),
    sequence: 7,
  };
}

const says = (message: BusMessage, width = 200) => eventLine(message, width, unpainted).slice(10);

const completed = {
  platform: 'docker',
  auditId: 'a',
  trigger: 'command',
  scope: {},
  summary: { targets: 7, status: {}, severity: { high: 2 }, groups: 1 },
  opened: 1,
  resolved: 0,
  missedEvents: 0,
  durationMs: 1,
  cpuMs: 1,
  unknownReasons: {},
  partial: true,
};

describe('an event in one line', () => {
  test.each([
    [
      event(AuditCompleted, completed),
      'isolation.audit-completed  1 new, 0 resolved; partial: a source was missing; open: 2 high; 7 containers, by command',
    ],
    [
      event(STANDARD.isolation.settled, {
        commandId: 'c',
        type: 'isolation.audit-start',
        outcome: 'rejected',
        code: 'E-X',
        settledAt: '2026-11-25T10:00:00Z',
        deliveries: 1,
      }),
      'isolation.command-settled  isolation.audit-start rejected E-X',
    ],
    [event(FindingChanged, { nothing: 'known' }), 'isolation.finding'],
    [
      event(ResourceChanged, {
        src: 'docker',
        tgt: 'local',
        kind: 'container',
        changes: [
          { op: 'removed', id: 'local/x', rev: 1, changed: [] },
          { op: 'removed', id: 'local/y', rev: 2, changed: [] },
        ],
      }),
      'estate.resource-changed    removed local/x and 1 more on local',
    ],
  ])('%#', (message, line) => {
    expect(says(message)).toBe(line);
  });

  test('fits the terminal, whatever it says', () => {
    const loud = event(STANDARD.estate.settled, {
      commandId: 'c',
      type: 't',
      outcome: 'rejected',
      message: '\u001b[31m検'.repeat(50),
      settledAt: '2026-11-25T10:00:00Z',
      deliveries: 1,
    });
    const line = eventLine(loud, 80, unpainted);
    expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('a message of any kind is shown with its payload, harmlessly', () => {
  expect(messageText(event(AuditCompleted, 'not \u001b[2J json'), unpainted)).toMatch(
    /seatrial\.evt\.v1\.isolation\.audit-completed {2}\/services\/collector\n {2}not \\x1b\[2J json\n$/,
  );
  expect(messageRecord(event(AuditCompleted, { a: 1 }))).toMatchObject({
    at: '2026-11-25T10:00:00.000Z',
    sequence: 7,
    data: { a: 1 },
  });
});
