import { createHash } from 'node:crypto';
import { Objm } from '@nats-io/obj';
import { jetstream } from '@nats-io/jetstream';
import { defineObjectStore } from '@seatrial/contracts';
import { MAX_OBJECT_BYTES } from '@seatrial/bus';
import { objectStorePlan } from '@seatrial/infra';
import { startBroker, type Broker } from '@seatrial/testing';
import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { asService, bareClient, type TestBus } from './client.ts';
import { asProvisioner } from './plane.ts';

/** No message of this version is large enough for one, so the store of this test is not in the registry. */
const Reports = defineObjectStore({ name: 'test-reports', owner: 'collector', maxAgeMs: 3_600_000, doc: 'For tests.' });
const s = Reports.store;
let broker: Broker;
let bus: TestBus;

beforeAll(async () => {
  broker = await startBroker({
    allowResponses: false,
    adjust: (user, permissions) => {
      // The rights that the registry would give its owner.
      const rights = [
        `$O.${s}.>`,
        `$JS.API.STREAM.MSG.GET.OBJ_${s}`,
        `$JS.API.CONSUMER.CREATE.OBJ_${s}.*.$O.${s}.>`,
        `$JS.FC.OBJ_${s}.>`,
      ];
      if (user !== 'collector') return permissions;
      return { ...permissions, publish: { ...permissions.publish, allow: [...permissions.publish.allow, ...rights] } };
    },
  });
  await using admin = await asProvisioner(broker);
  await admin.jsm.streams.add(objectStorePlan(Reports));
  bus = await asService(broker, 'collector');
});
afterAll(async () => {
  await bus.close();
  await broker[Symbol.asyncDispose]();
});

/** Bytes that no compression or repetition makes equal. */
function bytes(length: number, seed = 'a'): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${seed}${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

test.each([0, 1, 128 * 1024, 128 * 1024 + 1, 5 * 1024 * 1024])(
  'an object of %i bytes comes back as it was put',
  async (length) => {
    const store = bus.store(Reports);
    await store.put(`report/${length}`, bytes(length));
    expect(Buffer.from((await store.get(`report/${length}`)) ?? []).equals(bytes(length))).toBe(true);
  },
);

test('one that is replaced gives the new bytes, one that is deleted none; the old bytes are gone', async () => {
  const store = bus.store(Reports);
  await store.put('replaced', bytes(3_000_000, 'old'));
  await store.put('replaced', bytes(1_000, 'new'));
  expect(Buffer.from((await store.get('replaced')) ?? []).equals(bytes(1_000, 'new'))).toBe(true);
  await store.delete('replaced');
  await store.delete('replaced');
  await store.delete('never');
  expect(await store.get('replaced')).toBeUndefined();
  expect(await store.get('never')).toBeUndefined();
  await using admin = await asProvisioner(broker);
  const { state } = await admin.jsm.streams.info(`OBJ_${s}`);
  expect(state.bytes).toBeLessThan(7_000_000);
});

test('is what other clients know as an object store', async () => {
  await using other = await bareClient(broker, 'collector');
  const theirs = await new Objm(jetstream(other, { checkAPI: false })).open(s, false);
  await bus.store(Reports).put('ours', bytes(300_000));
  expect(Buffer.from((await theirs.getBlob('ours')) ?? []).equals(bytes(300_000))).toBe(true);
  expect(await theirs.info('ours')).toMatchObject({ size: 300_000, chunks: 3 });
});

test('bytes that were tampered with are not given out', async () => {
  const store = bus.store(Reports);
  await store.put('tampered', bytes(1_000));
  await using other = await bareClient(broker, 'collector');
  const theirs = await new Objm(jetstream(other, { checkAPI: false })).open(s, false);
  const { nuid } = (await theirs.info('tampered')) ?? { nuid: '' };
  const rollup = headers();
  rollup.set('Nats-Rollup', 'sub');
  await jetstream(other, { checkAPI: false }).publish(`$O.${s}.C.${nuid}`, bytes(1_000, 'evil'), { headers: rollup });
  await expect(store.get('tampered')).rejects.toMatchObject({
    code: 'E-BUS-OBJECT',
    message: expect.stringContaining('digest'),
  });
});

test('refuses more than the limit, and keys that are none, before anything is sent', async () => {
  const store = bus.store(Reports);
  const before = bus.connection.nc.stats().outMsgs;
  await expect(store.put('huge', new Uint8Array(MAX_OBJECT_BYTES + 1))).rejects.toMatchObject({
    code: 'E-BUS-PAYLOAD-TOO-LARGE',
  });
  await expect(store.put('', new Uint8Array())).rejects.toMatchObject({ code: 'E-BUS-CONFIG' });
  expect(bus.connection.nc.stats().outMsgs).toBe(before);
});

test('a store that is not there is named', async () => {
  const absent = defineObjectStore({ name: 'absent', owner: 'collector', maxAgeMs: 0, doc: 'For tests.' });
  await expect(bus.store(absent).get('x')).rejects.toMatchObject({
    code: expect.stringMatching(/^E-(PERM-SUBSCRIBE|BUS-NOT-PROVISIONED)$/),
  });
});
