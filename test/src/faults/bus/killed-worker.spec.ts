import { AuditStart, IsolationCursors } from '@seatrial/contracts';
import { Bus } from '@seatrial/bus';
import { until, type Broker } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from '../../contract/bus/commands.ts';
import { asAdmin, asProvisioner, setAckWait, startPlane } from '../../contract/bus/plane.ts';
import { callsOf, startWorker } from './start-worker.ts';

const DURABLE = 'isolation-auditor-audit-start';
const ACK_WAIT_MS = 600;

/** What the effects left: audit id to `<count> <id of the command>`. */
async function counters(broker: Broker): Promise<Readonly<Record<string, string>>> {
  const bus = await Bus.connect({
    url: broker.url,
    as: { service: 'isolation-auditor' },
    seedFile: broker.seedFile('isolation-auditor'),
  });
  const entries = await bus.bucket(IsolationCursors).entries();
  await bus.close();
  return Object.fromEntries(entries.map(({ key, value }) => [key, value.eventSince]));
}

/** Where the process dies, in the order in which it would have gone on. */
const STEPS = [
  ['before its effect', '$KV.seatrial_isolation_cursors.', 'nothing'],
  ['after its effect, before it tells the sender', 'seatrial.evt.v1.isolation.command-settled.', 'the effect'],
  ['after it told the sender, before the audit record', 'seatrial.aud.v1.isolation.', 'the end'],
  ['after the audit record, before the ack', `$JS.ACK.CMD.${DURABLE}.`, 'the record'],
] as const;

test.each(STEPS)('a command whose worker is killed %s takes effect exactly once', async (_, step, last) => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await setAckWait(broker, 'CMD', DURABLE, ACK_WAIT_MS);
  await using first = await startWorker(broker, { dieBefore: step, ackWaitMs: ACK_WAIT_MS });
  const { id } = await admin.bus.send(AuditStart, audit('count'));
  expect((await first.exited).signal).toBe('SIGKILL');

  const reached = ['nothing', 'the effect', 'the end', 'the record'].indexOf(last);
  expect(await counters(broker)).toEqual(reached >= 1 ? { count: `1 ${id}` } : {});
  expect(await admin.settled()).toHaveLength(reached >= 2 ? 1 : 0);
  expect(await admin.stored('AUDIT', 'seatrial.aud.>')).toHaveLength(reached >= 3 ? 1 : 0);

  await using second = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS });
  await using provisioner = await asProvisioner(broker);
  await until('the command is gone', async () => (await provisioner.jsm.streams.info('CMD')).state.messages === 0);
  expect(callsOf(second).map(({ id: of, count }) => [of, count])).toEqual([[id, 2]]);
  expect(await counters(broker)).toEqual({ count: `1 ${id}` });
  expect(await admin.settled()).toMatchObject([{ commandId: id, outcome: 'accepted' }]);
  expect(await admin.stored('AUDIT', 'seatrial.aud.>')).toMatchObject([
    { json: { commandId: id, outcome: 'accepted' } },
  ]);
});

test('commands of a killed worker go to its successor, each with one effect', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await setAckWait(broker, 'CMD', DURABLE, ACK_WAIT_MS);
  await using first = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS, concurrency: 1 });
  const sent: Record<string, string> = {};
  for (let n = 0; n < 20; n += 1) sent[`n-${n}`] = (await admin.bus.send(AuditStart, audit('count', `n-${n}`))).id;
  await first.line((line) => line.includes('"done"'));
  await first.kill();
  await using _second = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS, concurrency: 1 });
  await until('all are settled', async () => (await admin.settled()).length === 20);
  expect(await counters(broker)).toEqual(Object.fromEntries(Object.entries(sent).map(([key, id]) => [key, `1 ${id}`])));
  expect((await admin.settled()).map(({ commandId }) => commandId).toSorted()).toEqual(Object.values(sent).toSorted());
});
