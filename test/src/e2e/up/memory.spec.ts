import { readdirSync } from 'node:fs';
import { residentBytes, requireDocker } from '@seatrial/testing';
import { expect, test } from 'vitest';
import { NO_ENGINE, testPlane } from './plane.ts';

const docker = await requireDocker();

test('a service of a plane holds no more than 160 MB', async () => {
  await using plane = await testPlane(docker.skip === undefined ? { DOCKER_HOST: docker.url } : NO_ENGINE);
  expect(await plane.run('up', '-d')).toMatchObject({ code: 0 });
  const services = (plane.state()?.processes ?? []).filter(({ name }) => name !== 'bus');
  const megabytes = services.map(({ name, mark }) => ({ name, held: residentBytes(Number.parseInt(mark, 10)) / 1e6 }));
  console.log(megabytes.map(({ name, held }) => `${name} holds ${held.toFixed(0)} MB`).join(', '));
  expect(megabytes.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual(
    readdirSync(new URL('../../../../services', import.meta.url)),
  );
  expect(megabytes.filter(({ held }) => held > 160)).toEqual([]);
});
