import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FindingGet, FindingList } from '@seatrial/contracts';
import { createContainer, requireDocker, smallDisk, startBroker, until } from '@seatrial/testing';
import { afterAll, describe, expect, test } from 'vitest';

import { person, startAuditor, type Auditor } from '../../e2e/isolation/auditor.ts';
import { FindingLog } from '../../e2e/isolation/finding-log.ts';

const docker = await requireDocker();
const disk = smallDisk(4);
afterAll(() => disk.remove());
const FULL = 'E-ARCHIVE-FULL';

describe.skipIf(docker.skip !== undefined || disk.refused !== undefined)(
  `an archive on a full disk${disk.refused === undefined ? '' : ` (skipped: ${disk.refused})`}`,
  () => {
    test('delays no finding and loses no history: what waits in the stream is written once there is room', async () => {
      await using broker = await startBroker();
      await using auditor = await startAuditor({
        broker,
        settings: { ARCHIVE: `sqlite:${join(disk.folder, 'isolation.db')}` },
      });
      await using bus = await person(broker);
      await using log = new FindingLog(bus);
      await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
      const filler = join(disk.folder, 'filler');
      await writeFile(filler, Buffer.alloc(4 * 2 ** 20)).catch(() => undefined);

      const part = () => archiveOf(auditor);
      await using stack = new AsyncDisposableStack();
      const made = stack.use(await createContainer(docker, { hostConfig: { Privileged: true } }));
      await until('the archive takes no more', async () => (await part())?.code === FULL);
      expect(await part()).toMatchObject({ status: 'degraded' });
      const last = stack.use(await createContainer(docker, { hostConfig: { Privileged: true } }));
      const found = await log.until(last.name, 'dkr.privileged open');
      // Known at once, and its history is still to come.
      const fingerprint = found.data.fingerprint;
      const answer = () => bus.request(FindingGet, { fingerprint });
      const { history } = await until('it is listed', answer);
      expect(history).toEqual([]);

      await rm(filler);
      await until('its history is written', async () => (await answer()).history.length === 1);
      const all = [made, last].flatMap(({ id }) => log.changes(id));
      expect(all.length).toBeGreaterThan(0);
      for (const { data } of all) {
        const kept = await bus.request(FindingGet, { fingerprint: data.fingerprint });
        expect(kept.history.map(({ state }) => state)).toContain('open');
      }
      await until('it is well again', async () => (await part())?.status === 'ok');
    }, 120_000);

    test('that is full from the start keeps nobody from finding; it is opened once there is room', async () => {
      const filler = join(disk.folder, 'filler');
      await writeFile(filler, Buffer.alloc(4 * 2 ** 20)).catch(() => undefined);
      await using broker = await startBroker();
      await using auditor = await startAuditor({
        broker,
        settings: { ARCHIVE: `sqlite:${join(disk.folder, 'other/isolation.db')}` },
      });
      await using bus = await person(broker);
      await using log = new FindingLog(bus);
      await using bad = await createContainer(docker, { hostConfig: { Privileged: true } });
      const found = await log.until(bad.name, 'dkr.privileged open');
      const part = await until('it is told', async () => {
        const told = await archiveOf(auditor);
        return told?.status === 'degraded' && told;
      });
      expect(part.code).toBe(FULL);
      await rm(filler);
      await until('its history is written', async () => {
        const { history } = await bus.request(FindingGet, { fingerprint: found.data.fingerprint });
        return history.length === 1;
      });
      await until('all is well', async () => (await archiveOf(auditor))?.status === 'ok');
    }, 120_000);
  },
);

async function archiveOf(auditor: Auditor): Promise<{ readonly status: string; readonly code?: string } | undefined> {
  const report = (await (await auditor.health('/health/ready')).json()) as {
    readonly parts: Readonly<Record<string, { readonly status: string; readonly code?: string }>>;
  };
  return report.parts['archive'];
}
