import { AuditStart, H, ResourceChanged, STANDARD, type DataOf, type SomeEvent } from '@seatrial/contracts';
import { Bus, Handles, Rejected, type Delivery } from '@seatrial/bus';
import { until } from '@seatrial/testing';
import { headers } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { audit } from './commands.ts';
import { asAdmin, asProvisioner, handlerName, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

const replay = STANDARD.isolation.replay;

/** A handler that fails until it is mended. */
function handlerOf() {
  const state = { broken: true, calls: [] as { data: unknown; delivery: Delivery }[] };
  class Commands {
    @Handles(AuditStart)
    async start(data: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
      state.calls.push({ data, delivery });
      if (data.reason === 'refused later' && !state.broken) throw new Rejected('not any more', { code: 'E-NOT-FOUND' });
      if (state.broken) throw new Error('broken');
      return Promise.resolve();
    }
  }
  class Events {
    @Handles(ResourceChanged, { handler: handlerName(ResourceChanged) })
    async changed(data: DataOf<typeof ResourceChanged>, delivery: Delivery): Promise<void> {
      state.calls.push({ data, delivery });
      if (state.broken) throw new Error('broken');
      return Promise.resolve();
    }
  }
  return { state, Commands, Events };
}

test('a mended command is replayed by its number: under a new id, with its old one beside it, settled once', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  const { state, Commands } = handlerOf();
  await using service = await runService(broker, 'isolation-auditor', Commands);
  const dead = await admin.bus.execute(AuditStart, audit('x'));
  const [letter] = await admin.stored('DLQ', 'seatrial.dlq.>');
  const sequence = letter?.sequence ?? 0;

  const still = await admin.bus.execute(replay, { sequence });
  expect(still).toMatchObject({
    outcome: 'rejected',
    code: 'E-BUS-HANDLER',
    message: `dead letter ${sequence} failed again: Error: broken`,
  });
  state.broken = false;
  const mended = await admin.bus.execute(replay, { sequence });
  expect(mended).toMatchObject({ outcome: 'accepted', type: 'isolation.dead-letter-replay' });

  const last = state.calls.at(-1);
  expect(last?.data).toEqual(audit('x'));
  expect(last?.delivery).toMatchObject({
    id: `${mended.commandId}/replay`,
    replayedFrom: dead.commandId,
    subject: 'seatrial.cmd.v1.isolation.audit-start.x',
    actor: 'tess',
  });
  expect(state.calls).toHaveLength(7);
  await service.close();
  // The original was settled when it was given up; only the two replays came after it.
  expect((await admin.settled()).map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
    'isolation.audit-start dead-lettered',
    'isolation.dead-letter-replay rejected',
    'isolation.dead-letter-replay accepted',
  ]);
  expect(await admin.stored('DLQ', 'seatrial.dlq.>')).toHaveLength(1);
  expect(
    (await admin.stored('AUDIT', 'seatrial.aud.v1.isolation.dead-letter-replay')).map(({ json }) => json?.['cli']),
  ).toEqual([
    `seatrial pub isolation.dead-letter-replay '{"sequence":${sequence}}'`,
    `seatrial pub isolation.dead-letter-replay '{"sequence":${sequence}}'`,
  ]);
});

test('a replayed command that its handler refuses settles the replay with that refusal', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  const { state, Commands } = handlerOf();
  await using _service = await runService(broker, 'isolation-auditor', Commands);
  await admin.bus.execute(AuditStart, audit('refused later', 'y'));
  state.broken = false;
  expect(await admin.bus.execute(replay, { sequence: 1 })).toMatchObject({ outcome: 'rejected', code: 'E-NOT-FOUND' });
});

test('an event is replayed to the handler that failed and to nobody else', async () => {
  const readers = [
    { service: 'isolation-auditor', contract: ResourceChanged as unknown as SomeEvent },
    { service: 'collector', contract: ResourceChanged as unknown as SomeEvent },
  ] as const;
  await using broker = await startPlane(readers);
  await using admin = await asAdmin(broker);
  const { state, Events } = handlerOf();
  await using _auditor = await runService(broker, 'isolation-auditor', Events);
  const others: string[] = [];
  class Other {
    @Handles(ResourceChanged, { handler: handlerName(ResourceChanged) })
    async changed(_: DataOf<typeof ResourceChanged>, delivery: Delivery): Promise<void> {
      others.push(delivery.id);
      return Promise.resolve();
    }
  }
  await using collector = await runService(broker, 'collector', Other);
  const change: DataOf<typeof ResourceChanged> = {
    src: 'docker',
    tgt: 'local',
    kind: 'container',
    changes: [{ op: 'removed', id: 'local/c1', rev: 1, changed: [] }],
  };
  const { id } = await collector.bus.publish(ResourceChanged, change);
  const letter = await until('the dead letter', async () => (await admin.stored('DLQ', 'seatrial.dlq.>'))[0]);
  expect(letter.subject).toBe('seatrial.dlq.v1.isolation.resource-changed');
  expect(letter.headers.get(H.deadHandler)).toBe('isolation-auditor-estate-resource-changed');
  state.broken = false;
  expect(await admin.bus.execute(replay, { sequence: letter.sequence })).toMatchObject({ outcome: 'accepted' });
  expect(state.calls.at(-1)?.data).toEqual(change);
  expect(state.calls.at(-1)?.delivery.replayedFrom).toBe(id);
  expect(others).toEqual([id]);
  // Its number means nothing in another domain.
  expect(await admin.bus.execute(STANDARD.estate.replay, { sequence: letter.sequence })).toMatchObject({
    outcome: 'rejected',
    code: 'E-DLQ-NOT-FOUND',
  });
});

test('a number that no dead letter of the domain has is refused, though a later one is there', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using stranger = await asProvisioner(broker);
  const { state, Commands } = handlerOf();
  await using _service = await runService(broker, 'isolation-auditor', Commands);
  stranger.nc.publish('seatrial.dlq.v1.estate.resource-changed', '{}');
  await stranger.nc.flush();
  await admin.bus.execute(AuditStart, audit('x'));
  expect((await admin.stored('DLQ', 'seatrial.dlq.>')).map(({ sequence }) => sequence)).toEqual([1, 2]);
  state.broken = false;
  for (const sequence of [1, 41])
    expect(await admin.bus.execute(replay, { sequence })).toMatchObject({
      outcome: 'rejected',
      code: 'E-DLQ-NOT-FOUND',
      hint: '`seatrial dlq list` shows those that are kept.',
    });
  expect(await admin.bus.execute(replay, { sequence: 2 })).toMatchObject({ outcome: 'accepted' });
});

test('a forged command is kept as evidence and never replayed', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  const { state, Commands } = handlerOf();
  state.broken = false;
  await using _service = await runService(broker, 'isolation-auditor', Commands);
  // What the server makes of a value in somebody's bucket when its reply is steered to a command's subject.
  await using stranger = await asProvisioner(broker);
  const forged = headers();
  for (const [name, value] of Object.entries({
    [H.id]: 'forged-1',
    [H.msgId]: 'forged-1',
    [H.type]: AuditStart.ceType,
    [H.source]: '/people/root',
    'Nats-Stream': 'KV_seatrial_findings',
    'Nats-Subject': '$KV.seatrial_findings.x',
    'Nats-Sequence': '3',
  }))
    forged.set(name, value);
  stranger.nc.publish('seatrial.cmd.v1.isolation.audit-start.forged', JSON.stringify(audit('forged')), {
    headers: forged,
  });
  const letter = await until('the dead letter', async () => (await admin.stored('DLQ', 'seatrial.dlq.>'))[0]);
  expect(letter.headers.get(H.deadCode)).toBe('E-BUS-FORGED');
  expect(letter.headers.get(H.deadError)).toBe(
    'isolation.audit-start: it carries Nats-Stream: KV_seatrial_findings (from $KV.seatrial_findings.x)',
  );
  expect(await admin.bus.execute(replay, { sequence: letter.sequence })).toMatchObject({
    outcome: 'rejected',
    code: 'E-BUS-FORGED',
  });
  expect(state.calls).toEqual([]);
});

test('a viewer may not replay', async () => {
  await using broker = await startPlane();
  const viewer = await Bus.connect({
    url: broker.url,
    as: { person: 'vic', role: 'viewer' },
    seedFile: broker.seedFile('viewer'),
  });
  await expect(viewer.send(replay, { sequence: 1 })).rejects.toMatchObject({ code: 'E-PERM-PUBLISH' });
  await viewer.close();
});
