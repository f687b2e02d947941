import { expect, test } from 'vitest';
import { hostNamespaceReference } from './host-namespaces.ts';
import { namespaceLinks, procFixture, statLine } from './proc-fixture.ts';

const ENGINE = { 'proc/300/comm': 'dockerd\n', ...namespaceLinks(300, 5000) };
const SHIM = {
  'proc/700/comm': 'containerd-shim\n',
  'proc/710/stat': statLine(710, 'sleep', 700, 1),
  ...namespaceLinks(700, 5000),
};

test('the namespaces of the engine come from its pid file', () => {
  using fixture = procFixture({ ...ENGINE, ...SHIM, 'run/docker.pid': '300' });
  const reference = hostNamespaceReference({
    procRoot: `${fixture.root}/proc`,
    enginePidFile: `${fixture.root}/run/docker.pid`,
    containerPid: 710,
  });
  expect(reference).toMatchObject({ source: 'engine', pid: 300, namespaces: { net: { value: 'net:[5001]' } } });
});

test('a stale pid file names somebody else: the shim is asked instead', () => {
  using fixture = procFixture({ ...ENGINE, ...SHIM, 'run/docker.pid': '300\n', 'proc/300/comm': 'bash\n' });
  const reference = hostNamespaceReference({
    procRoot: `${fixture.root}/proc`,
    enginePidFile: `${fixture.root}/run/docker.pid`,
    containerPid: 710,
  });
  expect(reference).toMatchObject({ source: 'shim', pid: 700, namespaces: { pid: { value: 'pid:[5000]' } } });
});

test('an engine and a shim that disagree leave that namespace unknown: another engine may have written the pid file', () => {
  using fixture = procFixture({
    ...ENGINE,
    ...SHIM,
    ...namespaceLinks(700, 5000, { net: 'net:[9999]', mnt: 'mnt:[9998]' }),
  });
  const { source, namespaces } = hostNamespaceReference({
    procRoot: `${fixture.root}/proc`,
    enginePid: 300,
    containerPid: 710,
  });
  expect(source).toBe('engine');
  expect(namespaces.net).toMatchObject({ missing: 'unsupported', detail: expect.stringContaining('net:[9999]') });
  expect(namespaces.pid).toMatchObject({ value: 'pid:[5000]' });
  expect(namespaces.mnt).toMatchObject({ value: 'mnt:[5004]' });
});

test('a container whose shim died hangs below another process, which is no reference', () => {
  using fixture = procFixture({
    'proc/1/comm': 'systemd\n',
    'proc/710/stat': statLine(710, 'sleep', 1, 1),
    ...namespaceLinks(1, 5000),
  });
  const reference = hostNamespaceReference({ procRoot: `${fixture.root}/proc`, enginePid: 999, containerPid: 710 });
  expect(reference.source).toBe('none');
  for (const reading of Object.values(reference.namespaces)) expect(reading).toMatchObject({ missing: 'unsupported' });
  expect(reference.namespaces.pid).toHaveProperty('detail', expect.stringContaining('"systemd", not the shim'));
});

test('an engine whose links cannot be read is no reference; without another there is none', () => {
  using fixture = procFixture({ 'proc/300/comm': 'dockerd\n' });
  const reference = hostNamespaceReference({ procRoot: `${fixture.root}/proc`, enginePid: 300 });
  expect(reference.source).toBe('none');
  expect(reference.namespaces.uts).toHaveProperty('missing');
});
