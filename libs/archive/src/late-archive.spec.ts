import { describe, expect, test } from 'vitest';

import { ArchiveCorrupt, ArchiveFull } from './errors.ts';
import { openArchiveLate } from './late-archive.ts';
import type { Archive } from './port/archive.ts';

const ready = {
  findings: { record: async () => undefined, list: async () => ({ rows: [] }) },
  health: async () => ({ status: 'ok' }),
  close: async () => undefined,
} as unknown as Archive;

describe('an archive that cannot be opened yet', () => {
  test('says why to every call until it is open, and then works', async () => {
    let full = true;
    const open = async (): Promise<Archive> => {
      if (full) throw new ArchiveFull('there', new Error('no space'));
      return ready;
    };
    await using archive = await openArchiveLate('archive.db', { open, againMs: 1 });
    await expect(archive.findings.record([])).rejects.toMatchObject({ code: 'E-ARCHIVE-FULL', retryable: true });
    await expect(archive.sweep()).rejects.toMatchObject({ code: 'E-ARCHIVE-FULL' });
    expect(await archive.health()).toMatchObject({ status: 'degraded', code: 'E-ARCHIVE-FULL' });
    full = false;
    await expect.poll(() => archive.health()).toEqual({ status: 'ok' });
    await archive.findings.record([]);
  });

  test('one that is damaged is refused at once', async () => {
    const open = () => Promise.reject(new ArchiveCorrupt('there', new Error('malformed')));
    await expect(openArchiveLate('archive.db', { open })).rejects.toMatchObject({ code: 'E-ARCHIVE-CORRUPT' });
  });

  test('one that is closed before it was ever open ends quietly', async () => {
    const open = () => Promise.reject(new ArchiveFull('there', new Error('no space')));
    const archive = await openArchiveLate('archive.db', { open, againMs: 1 });
    await archive.close();
    await expect(archive.findings.list({})).rejects.toMatchObject({ code: 'E-ARCHIVE-CLOSED' });
  });
});
