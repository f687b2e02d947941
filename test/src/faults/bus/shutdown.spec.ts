import { AuditStart } from '@seatrial/contracts';
import { until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from '../../contract/bus/commands.ts';
import { asAdmin, asProvisioner, startPlane } from '../../contract/bus/plane.ts';
import { callsOf, startWorker } from './start-worker.ts';

const DURABLE = 'isolation-auditor-audit-start';

test('a service that stops ends its work, gives back the rest, and only then closes', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using provisioner = await asProvisioner(broker);
  await using first = await startWorker(broker, { concurrency: 2, drainMs: 60_000 });
  for (const n of [1, 2, 3, 4]) await admin.bus.send(AuditStart, audit('hold', `n-${n}`));
  await until('two are in work', () => callsOf(first).length === 2);
  first.signal('SIGTERM');
  // It takes nothing more: what is free now goes to the other one.
  await until(
    'it has stopped pulling',
    async () => (await provisioner.jsm.consumers.info('CMD', DURABLE)).num_waiting === 0,
  );
  first.say('go');
  first.say('go');
  await first.line((line) => line.includes('"closed"'));
  expect((await first.exited).code).toBe(0);
  expect(callsOf(first)).toHaveLength(2);
  expect((await admin.settled()).map(({ outcome, deliveries }) => [outcome, deliveries])).toEqual([
    ['accepted', 1],
    ['accepted', 1],
  ]);
  // The other two were never started, and nothing waits for an ack that will not come.
  const info = await provisioner.jsm.consumers.info('CMD', DURABLE);
  expect([info.num_ack_pending, info.num_pending]).toEqual([0, 2]);
});

test.each(['hold', 'ignore'])(
  'work that does not end in the drain time (%s) is given back and done by the successor',
  async (what) => {
    await using broker = await startPlane();
    await using admin = await asAdmin(broker);
    // A failure would come again after a minute; what is given back comes at once.
    await using first = await startWorker(broker, { drainMs: 100, backOff: '60000' });
    const { id } = await admin.bus.send(AuditStart, audit(what));
    await until('it is in work', () => callsOf(first).length === 1);
    first.signal('SIGTERM');
    await first.line((line) => line.includes('"closed"'));
    if (what === 'ignore') await first.kill();
    await using second = await startWorker(broker);
    // At once, not after the ack wait of 30 s: it was given back.
    await until('the successor has it', () => callsOf(second).length === 1, { deadlineMs: 15_000 });
    expect(callsOf(second)).toMatchObject([{ id, count: 2 }]);
    second.say('go');
    await until('it is settled', async () => (await admin.settled()).length === 1);
    expect(await admin.settled()).toMatchObject([{ commandId: id, outcome: 'accepted', deliveries: 2 }]);
  },
);

test('a service that stops while the bus is away closes all the same', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using worker = await startWorker(broker, { drainMs: 100 });
  await admin.bus.execute(AuditStart, audit('nothing'));
  await broker.kill();
  worker.signal('SIGTERM');
  expect((await worker.exited).code).toBe(0);
});
