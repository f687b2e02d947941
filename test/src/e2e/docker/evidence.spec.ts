import { execFileSync } from 'node:child_process';
import { chmod, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerControl, DockerEngine } from '@seatrial/docker';
import { hostNamespaceReference, NAMESPACE_KINDS, type Reading, readProcessEvidence } from '@seatrial/host';
import { requireDocker, startContainer, type TestContainer, unprivileged, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const docker = await requireDocker();

const evidenceOf = ({ id, pid }: TestContainer) => readProcessEvidence(pid, { containerId: id });

function valueOf<T>(reading: Reading<T>): T {
  if ('missing' in reading) throw new Error(`${reading.missing}: ${reading.detail}`);
  return reading.value;
}

describe.skipIf(docker.skip !== undefined)('evidence of real containers', () => {
  test('agrees with what another program reads and with what was asked for', async () => {
    await using container = await startContainer(docker, {
      user: '1000:1000',
      hostConfig: {
        CapDrop: ['ALL'],
        CapAdd: ['NET_BIND_SERVICE'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        Memory: 64 * 2 ** 20,
        PidsLimit: 33,
        NanoCpus: 5e8,
        OomScoreAdj: 100,
        GroupAdd: ['999'],
      },
    });
    const evidence = await evidenceOf(container);
    const bounding = execFileSync('awk', ['/^CapBnd/ {print $2}', `/proc/${container.pid}/status`], {
      encoding: 'utf8',
    }).trim();
    expect(evidence).toMatchObject({
      effectiveUid: { value: 1000 },
      effectiveGid: { value: 1000 },
      capBnd: { value: bounding },
      noNewPrivs: { value: 1 },
      seccomp: { value: 2 },
      memoryLimitBytes: { value: 64 * 2 ** 20 },
      pidsLimit: { value: 33 },
      cpuLimitCores: { value: 0.5 },
      oomScoreAdj: { value: 100 },
    });
    expect(BigInt(`0x${bounding}`)).toBe(1n << 10n); // CAP_NET_BIND_SERVICE
    expect(valueOf(evidence.groups)).toContain(999);
    const root = valueOf(evidence.mountinfo).find(({ mountPoint }) => mountPoint === '/');
    expect(root?.options).toContain('ro');
    const links = NAMESPACE_KINDS.map((kind) => valueOf(evidence.namespaces[kind]));
    const stat = execFileSync(
      'readlink',
      NAMESPACE_KINDS.map((kind) => `/proc/${container.pid}/ns/${kind}`),
      { encoding: 'utf8' },
    );
    expect(links).toEqual(stat.trim().split('\n'));
  });

  test('only what a container shares with the host equals the reference of the host', async () => {
    await using plain = await startContainer(docker);
    await using shared = await startContainer(docker, {
      hostConfig: { PidMode: 'host', NetworkMode: 'host', IpcMode: 'host', UTSMode: 'host' },
    });
    await using peer = await startContainer(docker, {
      hostConfig: { NetworkMode: `container:${plain.id}`, PidMode: `container:${plain.id}` },
    });
    const host = hostNamespaceReference({ containerPid: plain.pid });
    const [ofPlain, ofShared, ofPeer] = [await evidenceOf(plain), await evidenceOf(shared), await evidenceOf(peer)];
    expect(host.source).not.toBe('none');
    for (const kind of ['pid', 'net', 'ipc', 'uts'] as const) {
      expect(valueOf(ofPlain.namespaces[kind])).not.toBe(valueOf(host.namespaces[kind]));
      expect(valueOf(ofShared.namespaces[kind])).toBe(valueOf(host.namespaces[kind]));
    }
    expect(valueOf(ofPeer.namespaces.net)).toBe(valueOf(ofPlain.namespaces.net));
    expect(valueOf(ofPeer.namespaces.pid)).toBe(valueOf(ofPlain.namespaces.pid));
    expect(valueOf(ofPeer.namespaces.ipc)).not.toBe(valueOf(ofPlain.namespaces.ipc));
  });

  test('the shim gives the same reference as the engine, even for a container in the pid namespace of the host', async () => {
    await using shared = await startContainer(docker, { hostConfig: { PidMode: 'host' } });
    const byShim = hostNamespaceReference({ containerPid: shared.pid, enginePidFile: '/nonexistent/docker.pid' });
    expect(byShim.source).toBe('shim');
    const byEngine = hostNamespaceReference();
    expect(byEngine.source).toBe('engine');
    for (const kind of ['pid', 'net', 'ipc', 'uts', 'user', 'cgroup'] as const) {
      expect(valueOf(byShim.namespaces[kind])).toBe(valueOf(byEngine.namespaces[kind]));
    }
  });

  test('without the right to look, evidence is denied; what anybody may read is still read', async () => {
    await using container = await startContainer(docker, { hostConfig: { PidMode: 'host' } });
    const evidence = await unprivileged(() => evidenceOf(container));
    for (const kind of NAMESPACE_KINDS) expect(evidence.namespaces[kind]).toMatchObject({ missing: 'denied' });
    expect(evidence.capBnd).toHaveProperty('value');
    const reference = await unprivileged(() => hostNamespaceReference({ containerPid: container.pid }));
    expect(reference.source).toBe('none');
    for (const kind of NAMESPACE_KINDS) expect(reference.namespaces[kind]).toMatchObject({ missing: 'denied' });
  });

  test('a container that ended has no evidence, and neither has its id under a living pid', async () => {
    await using first = await startContainer(docker);
    await using second = await startContainer(docker);
    const swapped = await readProcessEvidence(second.pid, { containerId: first.id });
    expect(swapped.capBnd).toMatchObject({ missing: 'gone' });
    await new DockerControl({ url: docker.url }).kill(first.id);
    const ended = await until('its evidence is gone', async () => {
      const evidence = await evidenceOf(first);
      return 'missing' in evidence.capBnd ? evidence : undefined;
    });
    for (const kind of NAMESPACE_KINDS) expect(ended.namespaces[kind]).toMatchObject({ missing: 'gone' });
  });
});

test('a socket without permission is named with the remedy', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'seatrial-denied-'));
  await chmod(directory.path, 0o000);
  await using engine = new DockerEngine({ url: `unix://${directory.path}/docker.sock` });
  const asking = unprivileged(() => engine.ping());
  await expect(asking).rejects.toMatchObject({
    code: 'E-SRC-PERM',
    hint: expect.stringContaining('usermod -aG docker'),
  });
  await chmod(directory.path, 0o700);
});
