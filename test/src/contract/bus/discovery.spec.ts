import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FindingGet, SeatrialError, type DataOf, type ReplyOf } from '@seatrial/contracts';
import { Handles } from '@seatrial/bus';
import { expect, test } from 'vitest';

import { asAdmin, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

/** The `nats` command line tool of `./seatrial tools nats`; `SEATRIAL_NATS_CLI` names another. */
const NATS =
  process.env['SEATRIAL_NATS_CLI'] ?? fileURLToPath(new URL('../../../../.seatrial/tools/nats/nats', import.meta.url));
const missing = existsSync(NATS) ? undefined : `${NATS} is missing: \`./seatrial tools nats\` builds it`;

class Findings {
  @Handles(FindingGet)
  async get({ fingerprint }: DataOf<typeof FindingGet>): Promise<ReplyOf<typeof FindingGet>> {
    return Promise.reject(new SeatrialError(`no finding ${fingerprint}`, { code: 'E-NOT-FOUND' }));
  }
}

test('the nats command line tool lists the service, its endpoints and their counters', async (context) => {
  if (missing !== undefined) context.skip(missing);
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', Findings, { version: '1.2.3' });
  await expect(admin.bus.request(FindingGet, { fingerprint: 'abcd' })).rejects.toMatchObject({ code: 'E-NOT-FOUND' });
  const run = promisify(execFile);
  const nats = async (...args: string[]): Promise<string> => {
    const connection = ['--server', broker.url, '--nkey', broker.seedFile('admin'), '--inbox-prefix', '_INBOX_admin'];
    return (await run(NATS, [...connection, ...args], { env: { HOME: broker.storeDir } })).stdout;
  };
  expect(await nats('micro', 'ls')).toMatch(/isolation-auditor\s.*1\.2\.3/);
  const text = await nats('micro', 'info', 'isolation-auditor', '--json');
  expect(JSON.parse(text)).toMatchObject({
    info: { name: 'isolation-auditor', version: '1.2.3', type: 'io.nats.micro.v1.info_response' },
  });
  expect(text).toContain('"seatrial.rpc.v1.isolation.finding-get"');
  expect(text).toContain('"seatrial.rpc.v1.isolation.ping"');
  const stats = await nats('micro', 'stats', 'isolation-auditor');
  expect(stats).toMatch(/finding-get\s+\S*\s*1\s/);
  expect(service.strategy.ready).toBe(true);
});

test('discovery answers for all services, for a name and for one instance', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using first = await runService(broker, 'isolation-auditor', Findings);
  await using second = await runService(broker, 'isolation-auditor', Findings);
  await using _third = await runService(broker, 'collector', class Nothing {});
  const found = await admin.bus.discover();
  expect(found.map(({ name }) => name).toSorted()).toEqual(['collector', 'isolation-auditor', 'isolation-auditor']);
  const ids = found.filter(({ name }) => name === 'isolation-auditor').map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set([first.bus.instance, second.bus.instance]));
});
