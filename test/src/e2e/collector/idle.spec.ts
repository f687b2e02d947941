import { requireDocker, residentBytes, startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { scratch, startCollector } from './running.ts';

const docker = await requireDocker();
/** As `up` starts a service. */
const SMALL_HEAP = ['--max-semi-space-size=2', '--optimize-for-size'];

test('a collector that watches this machine and its engine holds no more than 160 MB', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  const engines = docker.skip === undefined ? [{ id: 'local', src: 'docker', url: docker.url }] : [];
  await using collector = startCollector(broker, {
    targets: [...engines, { id: 'here', src: 'host' }],
    archive: `${folder.path}/a.db`,
    nodeArgs: [...SMALL_HEAP, '--import', import.meta.resolve('@seatrial/service/telemetry')],
    env: { MALLOC_ARENA_MAX: '2' },
  });
  await until(
    'it has worked for a while',
    async () => ((await collector.metric('seatrial_collector_frames_total', 'outcome="published"')) ?? 0) > 40,
  );
  const megabytes = residentBytes(collector.pid) / 1e6;
  console.log(`a collector holds ${megabytes.toFixed(0)} MB`);
  expect(megabytes).toBeLessThanOrEqual(160);
});
