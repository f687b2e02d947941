import { writeFileSync } from 'node:fs';

import { startBroker } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { scratch, startCollector } from '../../e2e/collector/running.ts';

const targets = [{ id: 'here', src: 'host' }];

test('a file with a wrong key is refused with its line and the nearest key', async () => {
  using folder = scratch();
  await using broker = await startBroker({ provision: false });
  const file = `${folder.path}/collector.yaml`;
  writeFileSync(file, 'interval: 5\nresyncIntervall: 60\n');
  await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db`, args: ['--config', file] });
  expect((await collector.exited).code).toBe(2);
  expect(collector.text()).toContain(`${file}:2`);
  expect(collector.text()).toContain('resyncIntervall');
  expect(collector.text()).toMatch(/resyncInterval\b(?!l)/);
});

test.each([
  [[...targets, ...targets], 'two targets have the same id'],
  [[{ id: 'frame', src: 'host' }], 'cannot be called frame'],
  [[{ id: 'far', src: 'docker', url: 'ftp://host' }], 'is not the URL of a Docker engine'],
])('targets that cannot be are refused: %j', async (wrong, text) => {
  using folder = scratch();
  await using broker = await startBroker({ provision: false });
  await using collector = startCollector(broker, { targets: wrong, archive: `${folder.path}/a.db` });
  expect((await collector.exited).code).toBe(2);
  expect(collector.text()).toContain(text);
  expect(collector.text()).toContain('SEATRIAL_COLLECTOR_TARGETS');
});

test('an archive that is somebody else’s file is refused, not written to', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  const file = `${folder.path}/a.db`;
  writeFileSync(file, 'this is no database\n'.repeat(500));
  await using collector = startCollector(broker, { targets, archive: file });
  expect((await collector.exited).code).not.toBe(0);
  expect(collector.text()).toContain('E-ARCHIVE-CORRUPT');
});

test('a stop ends in order with exit code 0 and gives its leases back', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using first = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
  await first.ready;
  expect(await first.stop()).toEqual({ code: 0, signal: null });
  // Given back, not run out: the next one polls at once.
  await using second = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
  await second.ready;
  await second.line((line) => line.includes('a target is polled here'));
  expect(second.text()).not.toContain('"level":"error"');
});
