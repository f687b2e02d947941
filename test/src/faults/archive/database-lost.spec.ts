import { openArchive } from '@seatrial/archive';
import { findFerretDb, startFerretDb } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const program = findFerretDb();
const path = 'path' in program ? program.path : '';

describe.skipIf('missing' in program)(
  `archive whose database goes away${'missing' in program ? ` (skipped: ${program.missing})` : ''}`,
  () => {
    test('calls fail as retryable, health says so, and after its return the same write works', async () => {
      await using server = await startFerretDb(path);
      await using archive = await openArchive(`${server.url}/seatrial`);
      const entry = { at: 1, actor: 'ann', subject: 's', document: {} };
      await archive.auditLog.append([{ id: '1', ...entry }]);

      await server.kill();
      await expect(archive.auditLog.append([{ id: '2', ...entry }])).rejects.toMatchObject({
        code: 'E-ARCHIVE-UNREACHABLE',
        retryable: true,
      });
      expect(await archive.health()).toMatchObject({ status: 'degraded', code: 'E-ARCHIVE-UNREACHABLE' });

      await server.restart();
      await archive.auditLog.append([{ id: '2', ...entry }]);
      expect(await archive.health()).toEqual({ status: 'ok' });
      expect((await archive.auditLog.list({})).rows.map((row) => row.id)).toEqual(['2', '1']);
    });

    test('no server at the start is an error that names the address and no password', async () => {
      await using server = await startFerretDb(path);
      await server.kill();
      const url = new URL(server.url);
      url.username = 'keeper';
      url.password = 'planted-secret';
      const error = await openArchive(`${url.href}/seatrial`).catch((e: unknown) => e);
      expect(error).toMatchObject({
        code: 'E-ARCHIVE-UNREACHABLE',
        message: expect.stringContaining(url.host) as string,
      });
      expect(String(error)).not.toContain('planted-secret');
    });
  },
);
