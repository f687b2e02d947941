import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openArchive, type Archive } from '@seatrial/archive';
import type { SampleBatch } from '@seatrial/contracts';
import { smallDisk } from '@seatrial/testing';
import { afterAll, describe, expect, test } from 'vitest';

const disk = smallDisk(4);
afterAll(() => disk.remove());

describe.skipIf(disk.refused !== undefined)(
  `archive on a full disk${disk.refused === undefined ? '' : ` (skipped: ${disk.refused})`}`,
  () => {
    test('writes fail as retryable and health is degraded; once there is room the same write works and nothing is lost', async () => {
      const filler = join(disk.folder, 'filler');
      await writeFile(filler, Buffer.alloc(2 * 1024 * 1024));
      await using archive = await openArchive(join(disk.folder, 'archive.db'));

      const acknowledged: number[] = [];
      let refused: unknown;
      let n = 0;
      for (; refused === undefined && n < 10_000; n++) {
        try {
          await archive.samples.write([batch(n)]);
          acknowledged.push(n);
        } catch (error) {
          refused = error;
        }
      }
      expect(refused).toMatchObject({ code: 'E-ARCHIVE-FULL', retryable: true });
      expect(acknowledged.length).toBeGreaterThan(10);
      expect(await archive.health()).toMatchObject({ status: 'degraded', code: 'E-ARCHIVE-FULL' });
      // Other kinds of rows are refused too, and what is stored stays readable.
      await expect(
        archive.auditLog.append([{ id: '1', at: 1, actor: 'a', subject: 's', document: { pad: 'x'.repeat(200_000) } }]),
      ).rejects.toMatchObject({ code: 'E-ARCHIVE-FULL' });
      expect(await storedNumbers(archive)).toEqual(acknowledged);

      await rm(filler);
      expect(await archive.health()).toEqual({ status: 'ok' });
      await archive.samples.write([batch(n - 1)]);
      acknowledged.push(n - 1);
      expect(await storedNumbers(archive)).toEqual(acknowledged);
      await archive.close();
      await using again = await openArchive(join(disk.folder, 'archive.db'));
      expect(await storedNumbers(again)).toEqual(acknowledged);
    });
  },
);

/** One tick of 20 resources with 20 series; the first value is `n`. */
function batch(n: number): SampleBatch {
  const rows = Array.from({ length: 400 }, (_, i) => i);
  return {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: 1,
    t0: n * 1000,
    iv: 1,
    rs: Array.from({ length: 20 }, (_, r) => `local/${r}`),
    ss: Array.from({ length: 20 }, (_, s) => [`m${s}`, {}]),
    ri: rows.map((i) => Math.floor(i / 20)),
    si: rows.map((i) => i % 20),
    ts: rows.map(() => 0),
    vs: rows.map((i) => (i === 0 ? n : i / 7)),
  };
}

async function storedNumbers(archive: Archive): Promise<(number | null)[]> {
  const { series } = await archive.samples.range({
    resources: ['local/0'],
    metrics: ['m0'],
    from: 0,
    to: 1_000_000_000,
    step: 'raw',
  });
  // The refused ticks are gaps, marked by empty points.
  return (series[0]?.mean ?? []).filter((value) => value !== null);
}
