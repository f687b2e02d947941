import { RevisionConflict } from '@seatrial/bus';
import { SeatrialError, type ResourceRecord } from '@seatrial/contracts';
import { inventoryKey, type ResourceDraft } from '@seatrial/estate';
import { expect, test } from 'vitest';

import { InventoryWriter } from './inventory-writer.ts';

const draft = (name: string, status = 'running', kind: ResourceDraft['kind'] = 'container'): ResourceDraft => ({
  id: `t/${name}`,
  tgt: 't',
  src: 'docker',
  kind,
  name,
  native: name,
  status,
  attrs: {},
  labels: {},
  rel: [],
});

/** A bucket with the compare-and-set of the real one, and everything that is published. */
class FakeBus {
  readonly values = new Map<string, { value: ResourceRecord; revision: number }>();
  readonly told: string[] = [];
  refused: string | undefined;
  #revision = 0;

  readonly bucket = (): unknown => ({
    entries: async () => [...this.values].map(([key, entry]) => ({ key, ...entry })),
    create: (key: string, value: ResourceRecord) => this.#write(key, value, 0),
    update: (key: string, value: ResourceRecord, revision: number) => this.#write(key, value, revision),
    delete: async (key: string, revision: number) => {
      this.#expect(key, revision);
      this.values.delete(key);
    },
  });

  readonly publish = async (contract: { name: string }, data: Record<string, unknown>): Promise<void> => {
    const changes = (data['changes'] as { op: string; id: string }[] | undefined) ?? [];
    this.told.push(
      contract.name === 'resource-changed'
        ? `${String(data['kind'])}: ${changes.map(({ op, id }) => `${op} ${id}`).join(', ')}`
        : contract.name,
    );
  };

  async #write(key: string, value: ResourceRecord, revision: number): Promise<number> {
    if (value.name === this.refused) throw new SeatrialError('does not fit', { code: 'E-CONTRACT-PAYLOAD' });
    this.#expect(key, revision);
    this.values.set(key, { value, revision: ++this.#revision });
    return this.#revision;
  }

  #expect(key: string, revision: number): void {
    if ((this.values.get(key)?.revision ?? 0) !== revision) throw new RevisionConflict('inventory', key, revision);
  }
}

const writerOn = (bus: FakeBus): Promise<InventoryWriter> =>
  InventoryWriter.open(bus as never, { warn: () => undefined }, { src: 'docker', tgt: 't' });

test('a listing writes and tells what differs, and nothing when nothing does', async () => {
  const bus = new FakeBus();
  const writer = await writerOn(bus);
  await writer.sync([draft('a'), draft('b'), draft('i', 'present', 'image')], 'start');
  expect(bus.told).toEqual(['container: added t/a, added t/b', 'image: added t/i', 'resource-synced']);
  bus.told.length = 0;
  await writer.sync([draft('a', 'exited'), draft('i', 'present', 'image')], 'periodic');
  expect(bus.told).toEqual(['container: modified t/a, removed t/b', 'resource-synced']);
  bus.told.length = 0;
  await writer.sync([draft('a', 'exited'), draft('i', 'present', 'image')], 'periodic');
  await writer.put(draft('a', 'exited'));
  await writer.remove('t/unknown');
  expect(bus.told).toEqual(['resource-synced']);
  expect(writer.counts).toEqual({ container: 1, image: 1 });
});

test('a listing of one kind leaves the others alone', async () => {
  const bus = new FakeBus();
  const writer = await writerOn(bus);
  await writer.sync([draft('a'), draft('i', 'present', 'image')], 'start');
  bus.told.length = 0;
  await writer.syncKind('image', []);
  expect(bus.told).toEqual(['image: removed t/i']);
});

test('a successor goes on from what the bus holds, and its predecessor cannot write over it', async () => {
  const bus = new FakeBus();
  const first = await writerOn(bus);
  await first.sync([draft('a'), draft('b')], 'start');
  const second = await writerOn(bus);
  await second.put(draft('a', 'exited'));
  bus.told.length = 0;
  await expect(first.put(draft('a', 'paused'))).rejects.toMatchObject({ code: 'E-CONFLICT-REVISION' });
  await expect(first.remove('t/a')).rejects.toMatchObject({ code: 'E-CONFLICT-REVISION' });
  expect(bus.values.get(inventoryKey(draft('a')))?.value.status).toBe('exited');
  expect(bus.told).toEqual([]);
});

test('an object that no record can hold is left out, the others are written', async () => {
  const bus = new FakeBus();
  bus.refused = 'odd';
  const writer = await writerOn(bus);
  await writer.sync([draft('a'), draft('odd'), draft('b')], 'start');
  expect(bus.told).toEqual(['container: added t/a, added t/b', 'resource-synced']);
});

test('more changes than a message may have are told in several, in order', async () => {
  const bus = new FakeBus();
  const writer = await writerOn(bus);
  await writer.sync(
    Array.from({ length: 250 }, (_, n) => draft(`c${n}`)),
    'start',
  );
  const messages = bus.told
    .filter((text) => text.startsWith('container'))
    .map((text) => text.split('added').length - 1);
  expect(messages).toEqual([100, 100, 50]);
  expect(bus.told.join().match(/t\/c\d+/g)).toEqual(Array.from({ length: 250 }, (_, n) => `t/c${n}`));
});
