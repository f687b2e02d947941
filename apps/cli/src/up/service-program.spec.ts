import { expect, test } from 'vitest';
import { layoutOf } from '../layout.ts';
import { serviceProgram } from './service-program.ts';

const layout = layoutOf({ SEATRIAL_ROOT: '/sea', SEATRIAL_DATA: '/data' });
const program = (
  env: Record<string, string> = {},
  name: 'collector' | 'isolation-auditor' = 'collector',
): ReturnType<typeof serviceProgram> => serviceProgram(name, 'nats://127.0.0.1:7421', layout, env);

test('a service gets the bus and key of this plane, whatever the environment names', () => {
  const { env } = program({ SEATRIAL_BUS: 'nats://elsewhere:4222', SEATRIAL_CREDS: '/other' });
  expect(env).toMatchObject({ SEATRIAL_BUS: 'nats://127.0.0.1:7421', SEATRIAL_CREDS: '/data/keys/collector' });
});

test('it watches the engine that DOCKER_HOST names, and this host', () => {
  const { env } = program({ DOCKER_HOST: 'tcp://10.0.0.1:2375' });
  expect(JSON.parse(env.SEATRIAL_COLLECTOR_TARGETS ?? '')).toEqual([
    { id: 'docker', src: 'docker', url: 'tcp://10.0.0.1:2375' },
    { id: 'host', src: 'host' },
  ]);
});

test('its data is in the folder of the plane, unless the person named an archive', () => {
  expect(program().env).toMatchObject({ SEATRIAL_COLLECTOR_ARCHIVE: 'sqlite:/data/archive/collector.db' });
  expect(program({}, 'isolation-auditor').env).toMatchObject({
    SEATRIAL_ISOLATION_AUDITOR_SALT_FILE: '/data/keys/isolation.salt',
  });
  const named = program({ SEATRIAL_ARCHIVE: 'mongodb://archive', SEATRIAL_COLLECTOR_TARGETS: '[]' }).env;
  expect(named).not.toHaveProperty('SEATRIAL_COLLECTOR_ARCHIVE');
  expect(named).toMatchObject({ SEATRIAL_COLLECTOR_TARGETS: '[]' });
});
