import { displayWidth, unpainted } from '@seatrial/report';
import { describe, expect, test } from 'vitest';

import { memoryBus } from '../testing/memory-bus.ts';
import { planeState } from './plane-state.ts';
import { statusLines } from './status.ts';

const now = Date.parse('2026-11-25T10:00:00Z');
const pong = (service: string, ready = true) => ({
  service,
  version: '0.1.0',
  instance: 'i',
  startedAt: '2026-11-25T09:58:00Z',
  ready,
});

const targets = {
  targets: [
    {
      id: 'local',
      src: 'docker',
      address: 'unix:///run/docker.sock',
      health: 'ok',
      version: '20.10.24',
      capabilities: [],
      counts: { container: 7 },
      since: '2026-11-25T09:58:00Z',
    },
    {
      id: 'host',
      src: 'host',
      address: 'local',
      health: 'degraded',
      code: 'W-X',
      message: 'no pressure figures',
      capabilities: [],
      counts: { host: 1 },
      since: '2026-11-25T09:58:00Z',
    },
  ],
};
const list = {
  findings: [],
  total: 9,
  targets: [],
  summary: { targets: 7, status: { pass: 200, fail: 9, unknown: 2 }, severity: { critical: 1, medium: 8 }, groups: 3 },
  asOf: '2026-11-25T09:59:30Z',
};

const answers = {
  'estate.ping': () => pong('collector'),
  'isolation.ping': () => pong('isolation-auditor'),
  'estate.targets-list': () => targets,
  'isolation.finding-list': () => list,
};

describe('the state of a plane', () => {
  test('reads like this', async () => {
    const state = await planeState(memoryBus(answers));
    const fixed = { ...state, services: state.services.map((service) => ({ ...service, ms: 1.4 })) };
    expect(statusLines(fixed, now, 80, unpainted).join('\n')).toMatchInlineSnapshot(`
      "Plane
        bus                ✓ nats://memory as tester
        collector          ✓ ok  0.1.0  up 2 min  1.4 ms
        isolation-auditor  ✓ ok  0.1.0  up 2 min  1.4 ms

      Targets
        local  ✓ ok  docker  20.10.24  7 containers
        host   ! degraded  host  1 host  no pressure figures

      Findings
        open     1 critical, 8 medium
        unknown  2 verdicts: evidence is missing
        audited  7 containers, 30 s ago"
    `);
  });

  test('a service that does not answer is part of it, and what it would have said is absent', async () => {
    const { 'isolation.ping': _, 'isolation.finding-list': __, ...silent } = answers;
    const state = await planeState(memoryBus(silent));
    expect(state.services).toMatchObject([
      { service: 'collector', ready: true },
      { service: 'isolation-auditor', ready: false, message: 'nobody answers isolation.ping' },
    ]);
    expect(state).not.toHaveProperty('findings');
    const lines = statusLines(state, now, 80, unpainted);
    expect(lines.join('\n')).toMatch(/isolation-auditor +✗ no answer/);
    expect(lines.join('\n')).not.toContain('Findings');
  });

  test('a service that is not ready yet is not ok', async () => {
    const state = await planeState(memoryBus({ ...answers, 'estate.ping': () => pong('collector', false) }));
    expect(statusLines(state, now, 80, unpainted).join('\n')).toMatch(/collector +! starting/);
  });

  test('fits 80 columns whatever a target says', async () => {
    const loud = { targets: [{ ...targets.targets[1], message: 'very '.repeat(60), version: '\u001b[31m' }] };
    const state = await planeState(memoryBus({ ...answers, 'estate.targets-list': () => loud }));
    for (const line of statusLines(state, now, 80, unpainted)) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
