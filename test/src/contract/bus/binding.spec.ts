import { AuditStart, type DataOf } from '@seatrial/contracts';
import { Handles, type Delivery } from '@seatrial/bus';
import { startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from './commands.ts';
import { asAdmin, asProvisioner, setAckWait, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

const DURABLE = 'isolation-auditor-audit-start';

function recorder(work: (delivery: Delivery) => Promise<unknown> = async () => undefined) {
  const seen: string[] = [];
  class Auditor {
    @Handles(AuditStart, { concurrency: 2, ackWaitMs: 600 })
    async start({ reason }: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
      seen.push(`${reason} ${delivery.deliveryCount}`);
      await work(delivery);
    }
  }
  return { seen, Auditor };
}

test('a service whose durable is missing does not start, and says which', async () => {
  await using broker = await startPlane();
  await using provisioner = await asProvisioner(broker);
  await provisioner.jsm.consumers.delete('CMD', DURABLE);
  await expect(runService(broker, 'isolation-auditor', recorder().Auditor)).rejects.toMatchObject({
    code: 'E-BUS-NOT-PROVISIONED',
    message: `the bus has no durable ${DURABLE} on stream CMD`,
  });
});

test('a service on a bus without streams does not start', async () => {
  await using broker = await startBroker({ provision: false });
  await expect(runService(broker, 'isolation-auditor', recorder().Auditor)).rejects.toMatchObject({
    code: 'E-BUS-NOT-PROVISIONED',
  });
});

test('two handlers of one durable are refused at start', async () => {
  await using broker = await startPlane();
  class Twice {
    @Handles(AuditStart)
    async one(): Promise<void> {}
    @Handles(AuditStart)
    async two(): Promise<void> {}
  }
  await expect(runService(broker, 'isolation-auditor', Twice)).rejects.toMatchObject({ code: 'E-BUS-CONFIG' });
});

test('handlers go on after a restart and after a death of the server', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  const { seen, Auditor } = recorder();
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  await admin.bus.execute(AuditStart, audit('before'));
  // Sooner than a silent server would be noticed (20 s): the reconnect itself asks anew.
  const soon = { timeoutMs: 15_000 };
  await broker.restart();
  expect(await admin.bus.execute(AuditStart, audit('restarted'), soon)).toMatchObject({ outcome: 'accepted' });
  await broker.kill();
  await broker.restart();
  expect(await admin.bus.execute(AuditStart, audit('killed'), soon)).toMatchObject({ outcome: 'accepted' });
  // The ack of what was in flight may be lost with the server; then it comes again, never fewer times.
  expect(new Set(seen.map((line) => line.split(' ')[0]))).toEqual(new Set(['before', 'restarted', 'killed']));
  expect(service.strategy.ready).toBe(true);
});

test('a durable that is removed makes the service unready; made anew, its work goes on', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using provisioner = await asProvisioner(broker);
  const { seen, Auditor } = recorder();
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  const { config } = await provisioner.jsm.consumers.info('CMD', DURABLE);
  await provisioner.jsm.consumers.delete('CMD', DURABLE);
  await until('it is not ready', () => !service.strategy.ready);
  await admin.bus.send(AuditStart, audit('kept'));
  await provisioner.jsm.consumers.add('CMD', config);
  await until('it is ready again', () => service.strategy.ready);
  await until('what came meanwhile is handled', () => seen.length === 1);
  expect(seen).toEqual(['kept 1']);
});

test('a handler that takes longer than the ack wait keeps its message', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await setAckWait(broker, 'CMD', DURABLE, 600);
  await using provisioner = await asProvisioner(broker);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { seen, Auditor } = recorder(() => held);
  await using _service = await runService(broker, 'isolation-auditor', Auditor);
  let working = 0;
  provisioner.nc.subscribe(`$JS.ACK.CMD.${DURABLE}.>`, {
    callback: (_, message) => {
      if (message.string() === '+WPI') working += 1;
    },
  });
  const done = admin.bus.execute(AuditStart, audit('long'));
  // Six signs of life, 200 ms apart, are two ack waits.
  await until('it has held the message for long', () => working >= 6);
  release();
  expect(await done).toMatchObject({ outcome: 'accepted', deliveries: 1 });
  expect(seen).toEqual(['long 1']);
});

test('no more handlers run at once than were declared, and no more messages are held', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using provisioner = await asProvisioner(broker);
  let running = 0;
  let most = 0;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { seen, Auditor } = recorder(async () => {
    running += 1;
    most = Math.max(most, running);
    await held;
    running -= 1;
  });
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  for (let n = 0; n < 12; n += 1) await admin.bus.send(AuditStart, audit('many', `many-${n}`));
  await until('all free handlers are taken', () => running === 2);
  const info = await provisioner.jsm.consumers.info('CMD', DURABLE);
  expect([info.num_ack_pending, info.num_pending]).toEqual([2, 10]);
  expect(service.bus.metrics.ackPending.values.get(DURABLE)).toBe(2);
  release();
  await until('all are handled', () => seen.length === 12 && running === 0);
  expect(most).toBe(2);
});
