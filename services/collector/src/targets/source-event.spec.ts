import { SourceEvents } from '@seatrial/contracts';
import type { EngineEvent } from '@seatrial/docker';
import { expect, test } from 'vitest';

import { sourceEventOf } from './source-event.ts';

const event = (changes: Partial<EngineEvent> = {}): EngineEvent => ({
  type: 'container',
  action: 'start',
  actorId: 'abc',
  attributes: { name: 'web' },
  timeNano: 1_795_570_739_560_453_392n,
  atMs: 1_795_570_739_560.453,
  ...changes,
});

test('an event keeps the words and every nanosecond of its engine', () => {
  expect(sourceEventOf('docker', event())).toEqual({
    src: 'docker',
    tgt: 'docker',
    id: 'docker:1795570739560453392:container:start:abc',
    resource: 'docker/abc',
    kind: 'container',
    action: 'start',
    at: '2026-11-25T01:38:59.560Z',
    native: '1795570739560453392',
    attrs: { name: 'web' },
  });
});

test('the command line of an exec is not published, neither as detail nor as attribute', () => {
  const published = sourceEventOf(
    'docker',
    event({
      action: 'exec_create',
      detail: 'mysql -psecret',
      attributes: { execID: 'e1', name: 'web', 'exec.cmd': 'mysql -psecret' },
    }),
  );
  expect(JSON.stringify(published)).not.toContain('secret');
  expect(published).toMatchObject({ action: 'exec_create', attrs: { execID: 'e1', name: 'web' } });
});

test('a state of health is part of the action', () => {
  expect(sourceEventOf('docker', event({ action: 'health_status', detail: 'healthy' })).action).toBe(
    'health_status: healthy',
  );
});

test('whatever an engine sends fits the contract', () => {
  const long = 'x\u0000\r\n'.repeat(2_000);
  for (const hostile of [
    event({ type: long, action: long, actorId: long, detail: long }),
    event({ type: 'volume', actorId: long }),
    event({ actorId: '' }),
    event({ attributes: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${n}${long}`, long])) }),
  ])
    expect(SourceEvents.schema.safeParse(sourceEventOf('docker', hostile)).error).toBeUndefined();
});
