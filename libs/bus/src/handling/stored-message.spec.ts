import type { Msg } from '@nats-io/nats-core';
import { describe, expect, test } from 'vitest';

import { storedMessage } from './stored-message.ts';

function message(reply: string | undefined): { message: Msg; sent: string[] } {
  const sent: string[] = [];
  const respond = (body: Uint8Array): boolean => {
    sent.push(new TextDecoder().decode(body));
    return true;
  };
  return {
    message: {
      subject: 's',
      data: new Uint8Array(),
      ...(reply === undefined ? {} : { reply }),
      respond,
    } as unknown as Msg,
    sent,
  };
}

describe('the reply subject of a delivery', () => {
  const nine = '$JS.ACK.CMD.svc-handler.3.42.57.1764038400123456789.11';
  const twelve = '$JS.ACK._.hash.CMD.svc-handler.3.42.57.1764038400123456789.11.rnd';
  test.each([nine, twelve])('%s', (reply) => {
    expect(storedMessage(message(reply).message)).toMatchObject({
      stream: 'CMD',
      durable: 'svc-handler',
      deliveryCount: 3,
      sequence: 42,
      pending: 11,
      time: new Date(1764038400123),
    });
  });
  test.each([undefined, '', '_INBOX.x.1', '$JS.ACK.CMD', '$JS.FC.CMD.a.b.c.d.e.f'])('%s is not one', (reply) => {
    expect(storedMessage(message(reply).message)).toBeUndefined();
  });
});

describe('answers', () => {
  const open = (): { stored: NonNullable<ReturnType<typeof storedMessage>>; sent: string[] } => {
    const { message: raw, sent } = message('$JS.ACK.CMD.d.1.2.3.4.5');
    const stored = storedMessage(raw);
    if (stored === undefined) throw new Error('not stored');
    return { stored, sent };
  };
  test('the first final answer counts, and nothing follows it', () => {
    const { stored, sent } = open();
    stored.working();
    stored.nak(1_500);
    stored.ack();
    stored.working();
    expect(sent).toEqual(['+WPI', '-NAK {"delay":1500000000}']);
  });
  test('a reason is one short line', () => {
    const { stored, sent } = open();
    stored.term(`a\r\nb${'x'.repeat(500)}`);
    expect(sent[0]).toMatch(/^\+TERM a b/);
    expect(sent[0]).toHaveLength(206);
  });
});
