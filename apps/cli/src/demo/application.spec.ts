import { expect, test } from 'vitest';
import { DEMO_LABEL, DEMO_SERVICES, demoContainer, OWNER_LABEL } from './application.ts';

const bodyOf = (name: string): Record<string, unknown> & { HostConfig: Record<string, unknown> } => {
  const service = DEMO_SERVICES.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return demoContainer(service, 'owner', 8085) as ReturnType<typeof bodyOf>;
};

test('everything carries both labels, so that exactly these are removed', () => {
  for (const { name } of DEMO_SERVICES)
    expect(bodyOf(name).Labels).toEqual({ [DEMO_LABEL]: 'true', [OWNER_LABEL]: 'owner' });
});

test('nothing is privileged or adds a capability: hosts without CAP_SYS_RESOURCE could not start it', () => {
  for (const { name } of DEMO_SERVICES) {
    expect(bodyOf(name).HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
    });
    expect(bodyOf(name).HostConfig).not.toHaveProperty('Privileged');
  }
});

test('the defects are where they are said to be, and nowhere else', () => {
  expect(bodyOf('shop-web').HostConfig).toMatchObject({
    Memory: 0,
    PortBindings: { '8080/tcp': [{ HostIp: '0.0.0.0', HostPort: '8085' }] },
  });
  expect(bodyOf('shop-worker').HostConfig).toMatchObject({ PidMode: 'host' });
  expect(bodyOf('shop-api').Env).toContainEqual(expect.stringContaining('PASSWORD='));
  const cache = bodyOf('shop-cache');
  expect(cache.HostConfig).not.toHaveProperty('PidMode');
  expect(cache.HostConfig).not.toHaveProperty('PortBindings');
  expect(cache.HostConfig).toMatchObject({ Memory: 32 * 1024 * 1024, PidsLimit: 32 });
  expect(cache).not.toHaveProperty('Env');
});
