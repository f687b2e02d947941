import {
  CONTRACTS,
  H,
  STREAMS,
  type ServiceName,
  type SomeContract,
  type SomeEvent,
  type SomeMetric,
} from '@seatrial/contracts';
import { Handles, type Bus, type InvalidReceived } from '@seatrial/bus';
import { until } from '@seatrial/testing';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';

import { asAdmin, asProvisioner, handlerName, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

const READER: ServiceName = 'isolation-auditor';
const called: string[] = [];

/** A controller with a handler for each contract; none of them may ever be called. */
function controllerOf(contracts: readonly SomeContract[]) {
  class Controller {}
  for (const contract of contracts) {
    const name = contract.type.replace(/\W/g, '_') + contract.kind;
    const value = async (): Promise<void> => void called.push(contract.type);
    Object.defineProperty(Controller.prototype, name, { value, writable: true, configurable: true });
    const descriptor = Object.getOwnPropertyDescriptor(Controller.prototype, name);
    Handles(contract, contract.kind === 'evt' ? { handler: handlerName(contract) } : {})(
      Controller.prototype,
      name,
      descriptor as never,
    );
    Object.defineProperty(Controller.prototype, name, descriptor as PropertyDescriptor);
  }
  return Controller;
}

const isStandard = (contract: SomeContract): boolean => ['ping', 'dead-letter-replay'].includes(contract.name);
const events = CONTRACTS.filter((contract): contract is SomeEvent => contract.kind === 'evt');

/** Handlers of one service: its commands and queries, the metrics it reads, and (at the auditor) every event. */
function handledBy(service: ServiceName): readonly SomeContract[] {
  return CONTRACTS.filter((contract) => {
    if (contract.kind === 'evt') return service === READER;
    if (contract.kind === 'met') return contract.consumers.includes(service);
    return contract.owner === service && !isStandard(contract);
  });
}

/** A subject of the contract, for a message whose payload says nothing about its key. */
const subjectOf = (contract: SomeContract): string =>
  contract.key === undefined ? contract.subject : `${contract.subject}.k`;

function attributes(contract: SomeContract, id: string): MsgHdrs {
  const out = headers();
  for (const [name, value] of [
    [H.id, id],
    [H.msgId, id],
    [H.type, contract.ceType],
    [H.source, '/services/stranger'],
  ] as const)
    out.set(name, value);
  return out;
}

/** True for a query without a required field: to its reader an unknown field is no error. */
function fits(contract: SomeContract, body: string | Uint8Array): boolean {
  try {
    return contract.tolerant.safeParse(JSON.parse(body.toString())).success;
  } catch {
    return false;
  }
}

/** Reads live until the bus closes; nothing that is sent here decodes. */
async function watch(bus: Bus, contract: SomeMetric, onInvalid: (message: InvalidReceived) => void): Promise<void> {
  for await (const _message of bus.subscribe<never>(contract, { onInvalid })) called.push(`live ${contract.type}`);
}

const WRONG = [
  ['no JSON', '{"auditId":'],
  ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
  ['not the schema', '{"colour":["red"],"sequence":"one"}'],
] as const;

describe('an undecodable or schema-violating message on every subject ends where the table says', () => {
  test.each(WRONG)('%s', async (_, body) => {
    await using broker = await startPlane(events.map((contract) => ({ service: READER, contract })));
    await using admin = await asAdmin(broker);
    await using stranger = await asProvisioner(broker);
    await using auditor = await runService(broker, READER, controllerOf(handledBy(READER)));
    await using collector = await runService(broker, 'collector', controllerOf(handledBy('collector')));
    called.length = 0;
    const dropped = collector.bus.metrics.droppedInvalid;

    const metrics = CONTRACTS.filter((contract): contract is SomeMetric => contract.kind === 'met');
    const live: { readonly type: string; readonly code: string }[] = [];
    for (const contract of metrics)
      void watch(admin.bus, contract, ({ code }) => live.push({ type: contract.type, code }));
    await admin.bus.flush();

    const ids = new Map<SomeContract, string>();
    for (const contract of CONTRACTS.filter(({ kind }) => kind !== 'rpc')) {
      const id = `wrong-${contract.kind}-${contract.type}`;
      ids.set(contract, id);
      stranger.nc.publish(subjectOf(contract), body, { headers: attributes(contract, id) });
    }
    await stranger.nc.flush();

    // Commands and events: a dead letter each, body and id kept, in the domain of the handler.
    const dead = [...ids].filter(([{ kind }]) => kind === 'cmd' || kind === 'evt');
    const letters = await until('all dead letters', async () => {
      const found = await admin.stored('DLQ', 'seatrial.dlq.>');
      // Events that the bus publishes about these commands are good ones; nothing of them is dead.
      return found.length >= dead.length && found;
    });
    const want = dead.map(
      ([contract, id]) =>
        `${id} seatrial.dlq.v1.${contract.kind === 'cmd' ? contract.domain : 'isolation'}.${contract.name}`,
    );
    expect(letters.map((letter) => `${letter.headers.get(H.id)} ${letter.subject}`).toSorted()).toEqual(
      want.toSorted(),
    );
    for (const letter of letters) {
      expect(letter.headers.get(H.deadCode)).toBe('E-CONTRACT-PAYLOAD');
      expect(letter.headers.get(H.deadDeliveries)).toBe('1');
      expect(letter.text).toBe(new TextDecoder().decode(Buffer.from(body)));
    }

    // Their senders hear of it, and it is on record.
    for (const [contract, id] of dead.filter(([{ kind }]) => kind === 'cmd')) {
      const settled = await until(`${id} is settled`, async () =>
        (await admin.settled(contract.domain)).find(({ commandId }) => commandId === id),
      );
      expect(settled).toMatchObject({ type: contract.type, outcome: 'dead-lettered', code: 'E-CONTRACT-PAYLOAD' });
      const records = await admin.stored('AUDIT', `seatrial.aud.v1.${contract.domain}.${contract.name}`);
      expect(records.filter(({ json }) => json?.['commandId'] === id)).toMatchObject([
        { json: { outcome: 'dead-lettered', actor: 'stranger' } },
      ]);
    }

    // Metrics: counted, acknowledged, dropped by the durable's reader; live readers count and go on.
    for (const contract of metrics) {
      if (contract.consumers.length > 0)
        await until(`${contract.type} is dropped`, () => dropped.values.get(contract.type) === 1);
      await until(`a live reader of ${contract.type} counts it`, () => live.some(({ type }) => type === contract.type));
    }
    expect(live.map(({ code }) => code)).toEqual(metrics.map(() => 'E-CONTRACT-PAYLOAD'));

    // Queries: an error reply with the number 400.
    for (const contract of CONTRACTS.filter((c) => c.kind === 'rpc' && !fits(c, body))) {
      const reply = await stranger.nc.request(contract.subject, body, {
        headers: attributes(contract, 'q'),
        timeout: 5_000,
      });
      expect([contract.type, reply.headers?.get(H.errorCode), reply.json<{ code: string }>().code]).toEqual([
        contract.type,
        '400',
        'E-CONTRACT-PAYLOAD',
      ]);
    }
    // The bus itself tells the ends of the commands; nothing else is handled.
    expect(called.filter((type) => !type.endsWith('.command-settled'))).toEqual([]);
    expect([auditor.strategy.ready, collector.strategy.ready]).toEqual([true, true]);
    // Nothing is left behind.
    const durables = await stranger.jsm.consumers.list(STREAMS.cmd).next();
    for (const durable of durables)
      expect([durable.name, durable.num_pending, durable.num_ack_pending]).toEqual([durable.name, 0, 0]);
  });
});
