import { provision } from '@seatrial/infra';
import { startBroker } from '@seatrial/testing';
import { expect, test } from 'vitest';

test('a fresh broker is provisioned, and a second time nothing is left to do', async () => {
  await using broker = await startBroker({ provision: false });
  const options = { url: broker.url, seedFile: broker.seedFile('provisioner') };
  const first = await provision(options);
  expect(first.created).toEqual(expect.arrayContaining(['CMD', 'EVT', 'MET', 'DLQ', 'AUDIT', 'MET/collector-sample']));
  const second = await provision(options);
  expect({ created: second.created, updated: second.updated }).toEqual({ created: [], updated: [] });
  expect(second.unchanged.toSorted()).toEqual(first.created.toSorted());
});
