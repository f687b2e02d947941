import { AuditStart, H, ResourceChanged, type SomeEvent } from '@seatrial/contracts';
import { Bus } from '@seatrial/bus';
import { until, type NodeProcess } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from '../../contract/bus/commands.ts';
import { asAdmin, setAckWait, startPlane } from '../../contract/bus/plane.ts';
import { callsOf, startWorker } from './start-worker.ts';

const ACK_WAIT_MS = 500;

test('a command that kills its process is given up after five deaths; its neighbours are not', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await setAckWait(broker, 'CMD', 'isolation-auditor-audit-start', ACK_WAIT_MS);
  // They wait in the stream when the first process comes, so it takes them together.
  const neighbours = [];
  for (const n of [1, 2, 3]) neighbours.push((await admin.bus.send(AuditStart, audit('hold', `before-${n}`))).id);
  const poison = (await admin.bus.send(AuditStart, audit('die'))).id;
  for (const n of [1, 2, 3]) neighbours.push((await admin.bus.send(AuditStart, audit('hold', `after-${n}`))).id);

  const calls: { readonly id: string; readonly count: number }[] = [];
  let deaths = 0;
  const settled = async () => await admin.settled();
  while ((await settled()).length < neighbours.length + 1) {
    await using worker: NodeProcess = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS });
    const feeding = setInterval(() => worker.running && worker.say('go'), 100);
    const all = until('all are settled', async () => (await settled()).length === neighbours.length + 1).then(
      () => 'settled',
    );
    const end = await Promise.race([worker.exited.then(() => 'died'), all]);
    clearInterval(feeding);
    all.catch(() => undefined);
    if (end === 'died') deaths += 1;
    calls.push(...callsOf(worker));
    if (deaths > 8) break;
  }
  expect(deaths).toBe(5);
  expect(calls.filter(({ id }) => id === poison).map(({ count }) => count)).toEqual([1, 2, 3, 4, 5]);
  const ends = new Map((await settled()).map(({ commandId, outcome }) => [commandId, outcome]));
  expect(ends.get(poison)).toBe('dead-lettered');
  expect(neighbours.map((id) => ends.get(id))).toEqual(neighbours.map(() => 'accepted'));
  const letters = await admin.stored('DLQ', 'seatrial.dlq.>');
  expect(letters.map(({ headers }) => [headers.get(H.id), headers.get(H.deadDeliveries)])).toEqual([[poison, '6']]);
});

test('an event that kills its process is given up too', async () => {
  await using broker = await startPlane([
    { service: 'isolation-auditor', contract: ResourceChanged as unknown as SomeEvent },
  ]);
  await using admin = await asAdmin(broker);
  await setAckWait(broker, 'EVT', 'isolation-auditor-estate-resource-changed', ACK_WAIT_MS);
  const collector = await Bus.connect({
    url: broker.url,
    as: { service: 'collector' },
    seedFile: broker.seedFile('collector'),
  });
  const { id } = await collector.publish(ResourceChanged, {
    src: 'docker',
    tgt: 'die',
    kind: 'container',
    changes: [{ op: 'removed', id: 'die/c1', rev: 1, changed: [] }],
  });
  await collector.close();
  for (let deaths = 0; deaths < 5; deaths += 1) {
    await using worker = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS, readsEvents: true });
    expect((await worker.exited).signal).toBe('SIGKILL');
    expect(callsOf(worker).map(({ count }) => count)).toEqual([deaths + 1]);
  }
  await using last = await startWorker(broker, { ackWaitMs: ACK_WAIT_MS, readsEvents: true });
  const [letter] = await until('the dead letter', async () => {
    const found = await admin.stored('DLQ', 'seatrial.dlq.v1.isolation.resource-changed');
    return found.length > 0 && found;
  });
  expect(letter?.headers.get(H.id)).toBe(id);
  expect(callsOf(last)).toEqual([]);
});
