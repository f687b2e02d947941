import { ArchiveCorrupt, ArchiveFull, ArchiveInvalid, type Archive } from '@seatrial/archive';
import type { SampleBatch } from '@seatrial/contracts';
import { expect, test } from 'vitest';

import { ArchiveDoor } from './archive-door.ts';

const silent = { warn: () => undefined, info: () => undefined };
const batch = {} as SampleBatch;
const signal = new AbortController().signal;

/** An archive whose writes end as they are told, in turn; the last answer repeats. */
function archiveThat(...answers: (Error | 'writes')[]): { archive: Archive; tries: () => number } {
  let tries = 0;
  const write = async (): Promise<{ samples: number; rowsAdded: number; tooLate: number }> => {
    const answer = answers[Math.min(tries++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return { samples: 3, rowsAdded: 1, tooLate: 1 };
  };
  return {
    archive: { samples: { write }, close: async () => undefined } as unknown as Archive,
    tries: () => tries,
  };
}

const doorTo = (archive: Archive): Promise<ArchiveDoor> =>
  ArchiveDoor.to('', silent, { open: async () => archive, retryMs: 0 });

test('a batch is stored once the archive takes it again; until then the fault says why not', async () => {
  const full = new ArchiveFull('no room');
  const { archive } = archiveThat(full, full, 'writes');
  const door = await doorTo(archive);
  const faults: unknown[] = [];
  const stored = door.store(batch, signal);
  while (door.counts.samples === 0) {
    faults.push(door.fault);
    await new Promise(setImmediate);
  }
  await stored;
  expect(faults).toContain(full);
  expect(door.fault).toBeUndefined();
  expect(door.counts).toEqual({ samples: 3, tooLate: 1, invalid: 0, failures: 2 });
});

test('any other fault holds the batch too: nothing is given up while somebody looks after the archive', async () => {
  const { archive, tries } = archiveThat(new ArchiveCorrupt('damaged'), new TypeError('a defect'), 'writes');
  const door = await doorTo(archive);
  await door.store(batch, signal);
  expect(tries()).toBe(3);
});

test('a batch that the archive can never take is counted and left out', async () => {
  const { archive, tries } = archiveThat(new ArchiveInvalid('columns differ'));
  const door = await doorTo(archive);
  await door.store(batch, signal);
  expect([tries(), door.counts.invalid, door.fault]).toEqual([1, 1, undefined]);
});

test('a wait ends with the signal of the delivery', async () => {
  const { archive } = archiveThat(new ArchiveFull('no room'));
  const door = await doorTo(archive);
  const stop = new AbortController();
  const stored = door.store(batch, stop.signal);
  stop.abort(new Error('the process stops'));
  await expect(stored).rejects.toThrow('the process stops');
});

test('what can never be opened stops the start; what may be opened later does not, and queries say why', async () => {
  await expect(
    ArchiveDoor.to('', silent, { open: () => Promise.reject(new ArchiveCorrupt('not ours')) }),
  ).rejects.toMatchObject({ code: 'E-ARCHIVE-CORRUPT' });
  const door = await ArchiveDoor.to('', silent, { open: () => Promise.reject(new ArchiveFull('no room')) });
  expect(() => door.archive).toThrow('no room');
  expect(door.fault).toMatchObject({ code: 'E-ARCHIVE-FULL' });
  await door.close();
});
