import { SeatrialError, type SomeCommand, type SomeEvent, type SomeMetric } from '@seatrial/contracts';
import { AuditStart, FindingChanged, H, SampleBatches } from '@seatrial/contracts';
import { headers } from '@nats-io/nats-core';
import { describe, expect, test } from 'vitest';

import { forgeryOf } from '../codec/forgery.ts';
import type { Decoded } from '../codec/decode.ts';
import type { StoredContract, StreamBinding } from './binding.ts';
import { BACK_OFF_MS, compileConsumerOptions, MAX_DELIVERIES } from './consumer-options.ts';
import type { Delivery } from './delivery.ts';
import { settle, type PipelinePorts } from './pipeline.ts';
import { Rejected, Unrecoverable } from './refusal.ts';
import type { StoredMessage } from './stored-message.ts';
import { Terms } from './term.ts';

const command = AuditStart as unknown as SomeCommand;
const event = FindingChanged as unknown as SomeEvent;
const metric = SampleBatches as unknown as SomeMetric;

/** Whatever is not forged decodes. */
function decodedOf(_contract: StoredContract, message: StoredMessage): Decoded<unknown> {
  const forged = forgeryOf(message.headers);
  if (forged !== undefined) return { ok: false, code: 'E-BUS-FORGED', message: forged };
  const none = undefined;
  return {
    ok: true,
    data: {},
    meta: { id: 'id-1', source: none, subjectId: none, cause: none, actor: none, role: none, headers: new Map() },
  };
}

/** One delivery in memory; writes down what is done to it, in order, with everything else that happens. */
function world(contract: StoredContract, deliveryCount = 1, extra: Readonly<Record<string, string>> = {}) {
  const seen: string[] = [];
  const head = headers();
  head.set(H.id, 'id-1');
  head.set(H.msgId, 'id-1');
  for (const [name, value] of Object.entries(extra)) head.set(name, value);
  const message: StoredMessage = {
    subject: `${contract.subject}.k`,
    data: new TextEncoder().encode('{}'),
    headers: head,
    stream: 'CMD',
    durable: 'd',
    deliveryCount,
    sequence: 7,
    time: new Date(0),
    pending: 0,
    ack: () => seen.push('ack'),
    nak: (ms = 0) => seen.push(`nak ${ms}`),
    term: (reason) => seen.push(`term ${reason.split(' ')[0]}`),
    working: () => seen.push('working'),
  };
  const shutdown = new AbortController();
  const ports: PipelinePorts = {
    decode: (of, raw) => decodedOf(of, raw),
    bury: async (_binding, _message, envelope, failure) => void seen.push(`bury ${envelope.id} ${failure.code}`),
    conclude: async (_command, _message, _envelope, end) => void seen.push(`settled ${end.outcome} ${end.code ?? '-'}`),
    traced: (_binding, _message, _delivery, run) => run(),
    report: (_binding, _message, ending) => void seen.push(`= ${ending}`),
    backOffMs: BACK_OFF_MS,
    terms: new Terms('d', 30, shutdown.signal),
    shutdown: shutdown.signal,
  };
  const run = async (
    handle: (data: unknown, delivery: Delivery) => Promise<unknown>,
    changed: Partial<PipelinePorts> = {},
  ) => {
    const binding: StreamBinding = {
      contract,
      stream: 'CMD',
      durable: 'd',
      options: compileConsumerOptions(),
      handle,
    };
    await settle(binding, message, { ...ports, ...changed });
    return seen;
  };
  return { run, seen, shutdown };
}

const boom = async (): Promise<never> => Promise.reject(new Error('boom'));

describe('a command', () => {
  test('that is handled is settled as accepted, recorded, and only then acknowledged', async () => {
    const { run, seen } = world(command);
    await run(async () => void seen.push('effect'));
    expect(seen).toEqual(['effect', 'settled accepted -', 'ack', '= acked']);
  });

  test.each(['duplicate', 'superseded', 'rejected'] as const)(
    'that its handler calls %s is settled so',
    async (outcome) => {
      expect(
        await world(command).run(async (_, delivery) => delivery.settle(outcome, { code: 'E-NOT-FOUND' })),
      ).toEqual([`settled ${outcome} E-NOT-FOUND`, 'ack', '= acked']);
    },
  );

  test('that is rejected is settled at once, with the code, without another delivery', async () => {
    const seen = await world(command).run(async () => Promise.reject(new Rejected('no', { code: 'E-ISO-ID' })));
    expect(seen).toEqual(['settled rejected E-ISO-ID', 'ack', '= acked']);
  });

  test.each([
    [1, 1_000],
    [2, 5_000],
    [3, 30_000],
    [4, 120_000],
  ])('whose delivery %i fails comes again after %i ms and is not settled yet', async (count, pause) => {
    expect(await world(command, count).run(boom)).toEqual([`nak ${pause}`, '= retried']);
  });

  test('whose last delivery fails is buried, settled as dead-lettered, then terminated', async () => {
    expect(await world(command, MAX_DELIVERIES).run(boom)).toEqual([
      'bury id-1 E-BUS-HANDLER',
      'settled dead-lettered E-BUS-HANDLER',
      'term E-BUS-HANDLER',
      '= dead-lettered',
    ]);
  });

  test('that came more often than it may be tried is buried before its handler runs', async () => {
    const { run, seen } = world(command, MAX_DELIVERIES + 1);
    await run(async () => void seen.push('effect'));
    expect(seen).toEqual([
      'bury id-1 E-BUS-HANDLER',
      'settled dead-lettered E-BUS-HANDLER',
      'term E-BUS-HANDLER',
      '= dead-lettered',
    ]);
  });

  test('that no retry can help is buried at the first delivery', async () => {
    const seen = await world(command).run(async () =>
      Promise.reject(new Unrecoverable('never', { code: 'E-ISO-FACTS' })),
    );
    expect(seen[0]).toBe('bury id-1 E-ISO-FACTS');
    expect(seen.at(-1)).toBe('= dead-lettered');
  });

  test('whose dead letter cannot be stored is neither settled nor terminated', async () => {
    const seen = await world(command, MAX_DELIVERIES).run(boom, { bury: boom });
    expect(seen).toEqual(['nak 120000', '= unsettled']);
  });

  test('whose end cannot be stored is not acknowledged', async () => {
    expect(await world(command).run(async () => undefined, { conclude: boom })).toEqual(['nak 1000', '= unsettled']);
  });

  test('that does not end in its time is told so and comes again', async () => {
    const seen = await world(command).run(
      (_, delivery) =>
        new Promise((_resolve, reject) => {
          delivery.signal.addEventListener('abort', () => reject(delivery.signal.reason as Error));
        }),
    );
    expect(seen).toEqual(['nak 1000', '= retried']);
  });

  test('in flight when the drain time of a shutdown is up is given back at once', async () => {
    const { run, shutdown } = world(command, MAX_DELIVERIES);
    const seen = run(
      (_, delivery) =>
        new Promise((_resolve, reject) => {
          delivery.signal.addEventListener('abort', () => reject(delivery.signal.reason as Error));
          shutdown.abort();
        }),
    );
    expect(await seen).toEqual(['nak 0', '= released']);
  });
});

describe('a message that is not what it claims', () => {
  const invalid = (): Decoded<unknown> => ({ ok: false, code: 'E-CONTRACT-PAYLOAD', message: '/x is wrong' });
  test('undecodable command: dead letter at the first delivery, and its sender hears of it', async () => {
    const { run, seen } = world(command);
    await run(async () => void seen.push('effect'), { decode: invalid });
    expect(seen).toEqual([
      'bury id-1 E-CONTRACT-PAYLOAD',
      'settled dead-lettered E-CONTRACT-PAYLOAD',
      'term E-CONTRACT-PAYLOAD',
      '= dead-lettered',
    ]);
  });

  test('undecodable event: dead letter', async () => {
    expect(await world(event).run(async () => undefined, { decode: invalid })).toEqual([
      'bury id-1 E-CONTRACT-PAYLOAD',
      'term E-CONTRACT-PAYLOAD',
      '= dead-lettered',
    ]);
  });

  test('undecodable metric: counted, acknowledged, dropped', async () => {
    expect(await world(metric).run(async () => undefined, { decode: invalid })).toEqual(['ack', '= dropped']);
  });

  test.each([
    { 'Nats-Stream': 'KV_x' },
    { 'Nats-Subject': '$KV.x.y' },
    { 'Nats-Sequence': '4' },
    { [H.msgId]: 'another' },
  ])('forged (%o): dead letter before its handler', async (extra) => {
    const { run, seen } = world(command, 1, extra);
    await run(async () => void seen.push('effect'));
    expect(seen[0]).toBe('bury id-1 E-BUS-FORGED');
    expect(seen).not.toContain('effect');
  });
});

describe('an event', () => {
  test('that is handled is acknowledged', async () => {
    expect(await world(event).run(async () => undefined)).toEqual(['ack', '= acked']);
  });
  test('has no sender to refuse: a rejection is a dead letter', async () => {
    const seen = await world(event).run(async () => Promise.reject(new Rejected('no', { code: 'E-ISO-ID' })));
    expect(seen).toEqual(['bury id-1 E-ISO-ID', 'term E-ISO-ID', '= dead-lettered']);
  });
});

describe('a metric', () => {
  const full = new SeatrialError('the disk is full', { code: 'E-ARCHIVE-FULL', retryable: true });
  test('whose handler waits for room stays here, unacknowledged, until there is some', async () => {
    let tries = 0;
    const seen = await world(metric).run(async () => (++tries < 4 ? Promise.reject(full) : undefined), {
      backOffMs: [0],
    });
    expect(tries).toBe(4);
    expect(seen).toEqual(['ack', '= acked']);
  });
  test('that waits for room is given back at shutdown', async () => {
    const { run, shutdown } = world(metric);
    const seen = await run(async () => {
      shutdown.abort();
      return Promise.reject(full);
    });
    expect(seen).toEqual(['nak 0', '= released']);
  });
  test('whose handler fails for good is a dead letter after its deliveries', async () => {
    expect(await world(metric, MAX_DELIVERIES).run(boom)).toEqual([
      'bury id-1 E-BUS-HANDLER',
      'term E-BUS-HANDLER',
      '= dead-lettered',
    ]);
  });
});

test('the numbers are those of the foundation', () => {
  expect(MAX_DELIVERIES).toBe(5);
  expect(BACK_OFF_MS).toEqual([1_000, 5_000, 30_000, 120_000]);
  expect(compileConsumerOptions()).toEqual({
    concurrency: 8,
    ackWaitMs: 30_000,
    heartbeatMs: 10_000,
    maxHandlerMs: 900_000,
  });
});
