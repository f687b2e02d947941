import { DockerControl, DockerEngine } from '@seatrial/docker';
import { createContainer, requireDocker, startContainer, TEST_RUN } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const docker = await requireDocker();

describe.skipIf(docker.skip !== undefined)('a real engine', () => {
  test('says who it is', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    await engine.ping();
    const [version, info] = [await engine.version(), await engine.info()];
    expect(info.ServerVersion).toBe(version.Version);
    expect(info.MemTotal).toBeGreaterThan(0);
    expect(info.NCPU).toBeGreaterThan(0);
  });

  test('lists and inspects a container through its life, by id and by name', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const control = new DockerControl({ url: docker.url });
    await using container = await createContainer(docker, { env: ['COLOUR=blue'], labels: { tier: 'test' } });
    const listed = async () => (await engine.listContainers()).find(({ Id }) => Id === container.id);
    expect(await listed()).toMatchObject({
      Names: [`/${container.name}`],
      State: 'created',
      Labels: { 'io.seatrial.test': TEST_RUN, tier: 'test' },
    });
    expect((await engine.inspect(container.name)).State).toMatchObject({ Status: 'created', Pid: 0 });
    await control.start(container.id);
    await control.start(container.id); // it runs already: not an error
    const running = await engine.inspect(container.id);
    expect(running.State).toMatchObject({ Status: 'running', Running: true });
    expect(running.State.Pid).toBeGreaterThan(1);
    expect(running.Config.Env).toContain('COLOUR=blue');
    await control.pause(container.id);
    expect((await listed())?.State).toBe('paused');
    await control.unpause(container.id);
    await control.stop(container.id, 5);
    expect((await engine.listContainers({ all: false })).map(({ Id }) => Id)).not.toContain(container.id);
    expect((await engine.inspect(container.id)).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    await control.remove(container.id);
    await control.remove(container.id); // gone already: not an error
    await expect(engine.inspect(container.id)).rejects.toMatchObject({ code: 'E-ESTATE-NOT-FOUND' });
  });

  test('lists networks, volumes and images with what belongs to them', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const control = new DockerControl({ url: docker.url });
    const name = `seatrial-test-${TEST_RUN}`;
    const labels = { 'io.seatrial.test': TEST_RUN };
    await using cleanup = new AsyncDisposableStack();
    const network = await control.createNetwork(name, labels);
    cleanup.defer(() => control.removeNetwork(network));
    await control.createVolume(name, labels);
    cleanup.defer(() => control.removeVolume(name));
    await using container = await startContainer(docker, {
      hostConfig: { NetworkMode: name, Binds: [`${name}:/data`] },
    });
    expect(await engine.listNetworks()).toContainEqual(
      expect.objectContaining({ Id: network, Name: name, Driver: 'bridge', Labels: labels }),
    );
    expect(await engine.listVolumes()).toContainEqual(
      expect.objectContaining({ Name: name, Driver: 'local', Labels: labels }),
    );
    const { Mounts, NetworkSettings, Image } = await engine.inspect(container.id);
    expect(Mounts).toMatchObject([{ Type: 'volume', Name: name, Destination: '/data', RW: true }]);
    expect(NetworkSettings?.Networks?.[name]?.NetworkID).toBe(network);
    expect((await engine.listImages()).map(({ Id }) => Id)).toContain(Image);
    await container[Symbol.asyncDispose]();
  });

  test('a refused change keeps the words of the engine', async () => {
    await using container = await startContainer(docker);
    const control = new DockerControl({ url: docker.url });
    await expect(createContainer(docker, { name: container.name })).rejects.toMatchObject({
      code: 'E-ESTATE-ENGINE',
      details: { status: 409 },
      message: expect.stringContaining('already in use'),
    });
    await expect(createContainer(docker, { image: 'seatrial-test:no-such-tag' })).rejects.toMatchObject({
      code: 'E-ESTATE-NOT-FOUND',
    });
    await expect(control.unpause(container.id)).rejects.toMatchObject({
      message: expect.stringContaining('not paused'),
    });
    await expect(
      control.importImage(Buffer.from('no archive'), { repository: 'seatrial-test', tag: 'broken' }, []),
    ).rejects.toMatchObject({
      code: 'E-ESTATE-ENGINE',
    });
    expect(await control.imageId('seatrial-test:broken')).toBeUndefined();
  });
});
