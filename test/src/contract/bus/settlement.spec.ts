import { AuditRecord, AuditStart, H, type CommandSettled, type DataOf } from '@seatrial/contracts';
import { Handles, Rejected, Unrecoverable, type Delivery } from '@seatrial/bus';
import { until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from './commands.ts';
import { asAdmin, asProvisioner, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

class Auditor {
  static calls: string[] = [];
  @Handles(AuditStart)
  async start({ reason }: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
    Auditor.calls.push(`${reason} ${delivery.deliveryCount}`);
    if (reason === 'rejected') throw new Rejected('this id is none', { code: 'E-ISO-ID', hint: 'look again' });
    if (reason === 'dead-lettered') throw new Unrecoverable('facts are broken', { code: 'E-ISO-FACTS' });
    if (reason === 'duplicate' || reason === 'superseded') delivery.settle(reason, { message: 'seen before' });
    return Promise.resolve();
  }
}

test('every command ends in exactly one command-settled and one audit record, whatever its outcome', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  Auditor.calls = [];
  const outcomes = ['accepted', 'rejected', 'superseded', 'duplicate', 'dead-lettered'] as const;
  const answers: CommandSettled[] = [];
  for (const outcome of outcomes) answers.push(await admin.bus.execute(AuditStart, audit(outcome)));

  expect(
    answers.map(({ outcome, code, message, hint, deliveries }) => ({ outcome, code, message, hint, deliveries })),
  ).toEqual([
    { outcome: 'accepted', deliveries: 1 },
    { outcome: 'rejected', code: 'E-ISO-ID', message: 'this id is none', hint: 'look again', deliveries: 1 },
    { outcome: 'superseded', message: 'seen before', deliveries: 1 },
    { outcome: 'duplicate', message: 'seen before', deliveries: 1 },
    { outcome: 'dead-lettered', code: 'E-ISO-FACTS', message: 'facts are broken', deliveries: 1 },
  ]);
  await service.close();
  expect(await admin.settled()).toEqual(answers);
  const records = await admin.stored('AUDIT', 'seatrial.aud.>');
  expect(records.map(({ json }) => AuditRecord.parse(json))).toMatchObject(
    answers.map(({ commandId, outcome }) => ({
      commandId,
      outcome,
      type: 'isolation.audit-start',
      actor: 'tess',
      role: 'admin',
      service: 'isolation-auditor',
      cli: `seatrial pub isolation.audit-start '${JSON.stringify(audit(outcome))}'`,
    })),
  );
  expect(records.map(({ headers }) => headers.get(H.cause))).toEqual(answers.map(({ commandId }) => commandId));
  expect(await admin.stored('DLQ', 'seatrial.dlq.>')).toHaveLength(1);
  await using provisioner = await asProvisioner(broker);
  expect((await provisioner.jsm.streams.info('CMD')).state.messages).toBe(0);
});

test('a command that fails comes again until its tries are used up, then it is a dead letter', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  const calls: number[] = [];
  class Failing {
    @Handles(AuditStart)
    async start(_: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
      calls.push(delivery.deliveryCount);
      return Promise.reject(new Error('it broke'));
    }
  }
  await using service = await runService(broker, 'isolation-auditor', Failing);
  const answer = await admin.bus.execute(AuditStart, audit('x'));
  expect(answer).toMatchObject({
    outcome: 'dead-lettered',
    code: 'E-BUS-HANDLER',
    message: 'Error: it broke',
    deliveries: 5,
  });
  expect(calls).toEqual([1, 2, 3, 4, 5]);
  const [letter] = await admin.stored('DLQ', 'seatrial.dlq.v1.isolation.audit-start');
  expect(letter?.json).toEqual(audit('x'));
  expect(Object.fromEntries(letter?.headers ?? [])).toMatchObject({
    [H.id]: answer.commandId,
    [H.actor]: 'tess',
    [H.deadHandler]: 'isolation-auditor-audit-start',
    [H.deadDeliveries]: '5',
    [H.deadError]: 'Error: it broke',
    [H.deadCode]: 'E-BUS-HANDLER',
    [H.deadSubject]: 'seatrial.cmd.v1.isolation.audit-start.x',
    [H.deadSequence]: '1',
    [H.msgId]: `${answer.commandId}/dlq/isolation-auditor-audit-start`,
  });
  await service.close();
  expect(service.bus.metrics.deadLettered.values.get('isolation-auditor-audit-start')).toBe(1);
  expect(service.bus.metrics.redelivered.values.get('isolation-auditor-audit-start')).toBe(4);
});

test('the pauses before each further delivery are those of the list, and the last answer is final', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using stranger = await asProvisioner(broker);
  const answers: string[] = [];
  stranger.nc.subscribe('$JS.ACK.CMD.isolation-auditor-audit-start.>', {
    callback: (_, message) => void answers.push(message.string()),
  });
  await stranger.nc.flush();
  class Failing {
    @Handles(AuditStart)
    async start(): Promise<void> {
      return Promise.reject(new Error('it broke'));
    }
  }
  await using service = await runService(broker, 'isolation-auditor', Failing, { backOffMs: [1, 2, 3, 4] });
  await admin.bus.execute(AuditStart, audit('x'));
  await service.close();
  const nak = (ms: number): string => `-NAK {"delay":${ms * 1_000_000}}`;
  await until('all are heard', () => answers.length === 5);
  expect(answers).toEqual([nak(1), nak(2), nak(3), nak(4), '+TERM E-BUS-HANDLER Error: it broke']);
});

test('the same id is handled once', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  Auditor.calls = [];
  const first = await admin.bus.send(AuditStart, audit('accepted'), { id: 'same' });
  const second = await admin.bus.send(AuditStart, audit('accepted'), { id: 'same' });
  expect([first.duplicate, second.duplicate]).toEqual([false, true]);
  await admin.bus.execute(AuditStart, audit('rejected'));
  expect(Auditor.calls).toEqual(['accepted 1', 'rejected 1']);
  // After the window of the server the same id is stored and handled again, but its sender is told once.
  await service.close();
  expect(await admin.settled()).toHaveLength(2);
});

test('a second settlement of the same command is not stored, however late', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  await using provisioner = await asProvisioner(broker);
  const { commandId } = await admin.bus.execute(AuditStart, audit('accepted'));
  // A shorter window stands for the time that has passed.
  const stream = await provisioner.jsm.streams.info('CMD');
  const evt = await provisioner.jsm.streams.info('EVT');
  await provisioner.jsm.streams.update('CMD', { ...stream.config, duplicate_window: 100_000_000 });
  await provisioner.jsm.streams.update('EVT', { ...evt.config, duplicate_window: 100_000_000 });
  const again = await until('the server has forgotten the id', async () => {
    const ack = await admin.bus.send(AuditStart, audit('accepted'), { id: commandId });
    return !ack.duplicate && ack;
  });
  expect(again.duplicate).toBe(false);
  await until(
    'the second one is handled',
    async () => (await provisioner.jsm.streams.info('CMD')).state.messages === 0,
  );
  expect(service.strategy.ready).toBe(true);
  expect((await admin.settled()).filter((settled) => settled.commandId === commandId)).toHaveLength(1);
});
