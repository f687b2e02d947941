import { RevisionConflict } from '@seatrial/bus';
import { expect, test } from 'vitest';

import { EventPosition } from './event-position.ts';

/** The bucket of positions; counts its writes. */
class FakeBus {
  entry: { value: { eventSince?: string; eventId?: string }; revision: number } | undefined;
  writes = 0;
  readonly bucket = (): unknown => ({
    get: async () => this.entry,
    create: (_: string, value: object) => this.#write(value, 0),
    update: (_: string, value: object, revision: number) => this.#write(value, revision),
  });
  async #write(value: object, revision: number): Promise<number> {
    this.writes++;
    await new Promise(setImmediate);
    if ((this.entry?.revision ?? 0) !== revision) throw new RevisionConflict('watermarks', 't.events', revision);
    this.entry = { value, revision: revision + 1 };
    return revision + 1;
  }
}

test('a burst is saved in few writes, its last event without another event coming', async () => {
  const bus = new FakeBus();
  const position = await EventPosition.open(bus as never, 't', { saveEveryMs: 1 });
  for (let n = 1; n <= 50; n++) position.reached(`${n}.0`, `e${n}`);
  await expect.poll(() => bus.entry?.value.eventSince, { interval: 1 }).toBe('50.0');
  expect(bus.writes).toBeLessThanOrEqual(2);
  expect((await EventPosition.open(bus as never, 't')).since).toBe('50.0');
});

test('a successor knows the last event, which its stream gives once more', async () => {
  const bus = new FakeBus();
  const first = await EventPosition.open(bus as never, 't');
  first.reached('1.0', 'e1');
  first.reached('2.0', 'e2');
  await first.save();
  const second = await EventPosition.open(bus as never, 't');
  expect([second.isLast('e1'), second.isLast('e2')]).toEqual([false, true]);
});

test('a poller that was replaced does not move the position back', async () => {
  const bus = new FakeBus();
  const [old, successor] = [await EventPosition.open(bus as never, 't'), await EventPosition.open(bus as never, 't')];
  successor.reached('9.0', 'e9');
  await successor.save();
  old.reached('3.0', 'e3');
  await old.save();
  expect(bus.entry?.value.eventSince).toBe('9.0');
});
