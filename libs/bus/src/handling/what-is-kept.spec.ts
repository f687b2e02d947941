import {
  AuditRecord,
  AuditStart,
  FindingChanged,
  H,
  STANDARD,
  type SomeCommand,
  type SomeEvent,
} from '@seatrial/contracts';
import { headers } from '@nats-io/nats-core';
import { describe, expect, test } from 'vitest';

import { MAX_ID } from '../ids.ts';
import { commandLine } from './audit.ts';
import type { StreamBinding } from './binding.ts';
import { compileConsumerOptions } from './consumer-options.ts';
import { deadLetter } from './dead-letter.ts';
import { plainFailure } from './failure.ts';
import { envelopeOf, idAbout } from './inbound.ts';
import { endOfCommand } from './ledger.ts';
import type { StoredMessage } from './stored-message.ts';

const command = AuditStart as unknown as SomeCommand;
const body = new TextEncoder().encode('{"auditId":"a"}');

function stored(with_: Readonly<Record<string, string>>): StoredMessage {
  const head = headers();
  for (const [name, value] of Object.entries(with_)) head.set(name, value);
  const nothing = (): void => undefined;
  return {
    subject: 'seatrial.cmd.v1.isolation.audit-start.a',
    data: body,
    headers: head,
    stream: 'CMD',
    durable: 'd',
    deliveryCount: 5,
    sequence: 17,
    time: new Date(0),
    pending: 0,
    ack: nothing,
    nak: nothing,
    term: nothing,
    working: nothing,
  };
}

describe('a dead letter', () => {
  const message = stored({
    [H.id]: 'id-1',
    [H.msgId]: 'id-1',
    [H.actor]: 'tess',
    traceparent: '00-a-b-01',
    'Nats-Expected-Stream': 'CMD',
    mine: 'kept',
  });
  const binding: StreamBinding = {
    contract: FindingChanged as unknown as SomeEvent,
    stream: 'EVT',
    durable: 'collector-finding',
    options: compileConsumerOptions(),
    handle: async () => undefined,
  };
  const letter = deadLetter(
    'estate',
    binding,
    message,
    envelopeOf(message),
    plainFailure('E-BUS-HANDLER', 'it\nbroke'),
  );
  test('stands in the domain of the handler, under an id of its own', () => {
    expect(letter.subject).toBe('seatrial.dlq.v1.estate.finding');
    expect(letter.id).toBe('id-1/dlq/collector-finding');
    expect(letter.body).toBe(body);
  });
  test('keeps the headers of the original, but none that steer the server', () => {
    const kept = Object.fromEntries([...letter.headers].map(([name, [value]]) => [name, value]));
    expect(kept).toEqual({
      [H.id]: 'id-1',
      [H.actor]: 'tess',
      traceparent: '00-a-b-01',
      mine: 'kept',
      'seatrial-error': 'it broke',
      'seatrial-code': 'E-BUS-HANDLER',
      'seatrial-handler': 'collector-finding',
      'seatrial-deliveries': '5',
      'seatrial-original-subject': 'seatrial.cmd.v1.isolation.audit-start.a',
      'seatrial-sequence': '17',
    });
  });
});

describe('the end of a command', () => {
  const end = (with_: Readonly<Record<string, string>>) => {
    const message = stored(with_);
    const by = { service: 'isolation-auditor', now: new Date(0), traceId: undefined } as const;
    return endOfCommand(
      command,
      message,
      envelopeOf(message),
      { outcome: 'rejected', code: 'E-ISO-ID', message: 'no' },
      by,
    );
  };
  test('is told first, under a subject of its own, and recorded second', () => {
    const [settled, audit] = end({ [H.id]: 'id-1', [H.actor]: 'tess', [H.role]: 'operator' });
    expect(settled).toMatchObject({ id: 'id-1/settled', first: true });
    expect(STANDARD.isolation.settled.schema.parse(JSON.parse(settled?.body as string))).toMatchObject({
      commandId: 'id-1',
      outcome: 'rejected',
      deliveries: 5,
    });
    expect(audit).toMatchObject({ id: 'id-1/audit', subject: 'seatrial.aud.v1.isolation.audit-start' });
    expect(AuditRecord.parse(JSON.parse(audit?.body as string))).toMatchObject({
      actor: 'tess',
      role: 'operator',
      code: 'E-ISO-ID',
      cli: `seatrial pub isolation.audit-start '{"auditId":"a"}'`,
    });
  });
  test.each([
    ['/services/collector', 'collector', 'service'],
    ['/people/ann', 'ann', 'unknown'],
    ['', 'unknown', 'unknown'],
  ])('of a sender that only says %s', (source, actor, role) => {
    expect(JSON.parse(end({ [H.id]: 'id-1', [H.source]: source })[1]?.body as string)).toMatchObject({ actor, role });
  });
  test('without an id is that of its place in the stream, at every delivery', () => {
    expect(end({}).map(({ id }) => id)).toEqual(['cmd-17/settled', 'cmd-17/audit']);
  });
});

test('an id that leaves no room is replaced by a hash, the same at every delivery', () => {
  const long = 'x'.repeat(MAX_ID);
  expect(idAbout(long, 'settled')).toBe(idAbout(long, 'settled'));
  expect(idAbout(long, 'settled').length).toBeLessThanOrEqual(MAX_ID);
  expect(idAbout(long, 'settled')).not.toBe(idAbout(`${long.slice(1)}y`, 'settled'));
});

describe('a command line', () => {
  const line = (text: string): string => commandLine('a.b', new TextEncoder().encode(text));
  test('survives the shell', () => {
    expect(line(`{"reason":"it's $(here)"}`)).toBe(String.raw`seatrial pub a.b '{"reason":"it'\''s $(here)"}'`);
  });
  test('names the size of what is too long or no JSON', () => {
    expect(line(JSON.stringify('x'.repeat(5_000)))).toBe('seatrial pub a.b - # 5002 bytes of JSON on standard input');
    expect(line('{')).toBe('# a.b: 1 bytes that are not JSON; see `seatrial dlq list`');
  });
});
