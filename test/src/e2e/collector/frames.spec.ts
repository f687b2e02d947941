import { DockerControl } from '@seatrial/docker';
import { type Frame, Frames } from '@seatrial/contracts';
import { requireDocker, startBroker, startContainer, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { collect, connect, scratch, startCollector } from './running.ts';

const docker = await requireDocker();
const targets = [
  { id: 'local', src: 'docker', url: docker.url },
  { id: 'here', src: 'host' },
];

describe.skipIf(docker.skip !== undefined)('frames', () => {
  test('every scope has one on each wall second, small enough for a live view, with what is measured', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using containers = new AsyncDisposableStack();
    for (let n = 0; n < 5; n++) containers.use(await startContainer(docker));
    await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
    await collector.ready;
    await using viewer = await connect(broker);
    await using frames = collect((signal) => viewer.subscribe(Frames, { signal }));
    const of = (scope: string): Frame[] => frames.all.map(({ data }) => data).filter((frame) => frame.scope === scope);
    await until('some frames of the estate', () => of('estate').length >= 8);
    const scopes = new Set(frames.all.map(({ data }) => data.scope));
    expect([...scopes].toSorted()).toEqual(['estate', 'src-docker', 'src-host', 'tgt-here', 'tgt-local']);
    for (const scope of scopes) {
      const seqs = of(scope).map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
      for (const frame of of(scope)) expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(10_000);
    }
    const last = of('estate').at(-1);
    expect(last?.cpu.util).toBeGreaterThan(0);
    expect(last?.memory.used).toBeGreaterThan(0);
    expect(last?.disk.capacity).toBeGreaterThan(0);
    expect(last?.counts['container']?.byStatus['running']).toBeGreaterThanOrEqual(5);
    expect(last?.sources).toMatchObject([
      { tgt: 'here', health: 'ok' },
      { tgt: 'local', health: 'ok' },
    ]);
    for (const { coverage } of last?.sources ?? []) expect(coverage).toBeGreaterThan(0);
  });

  test('a container that stops shows as stopped and uses nothing; one that is removed is not shown', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using container = await startContainer(docker);
    await using collector = startCollector(broker, { targets: targets.slice(0, 1), archive: `${folder.path}/a.db` });
    await collector.ready;
    await using viewer = await connect(broker);
    await using frames = collect((signal) =>
      viewer.subscribe(Frames, { filter: 'seatrial.met.v1.estate.frame.tgt-local', signal }),
    );
    const child = (): { state: string | undefined; memory: number | null | undefined } => {
      const { children } = frames.all.at(-1)?.data ?? {};
      const at = children?.id.indexOf(`local/${container.id}`) ?? -1;
      return { state: children?.state[at], memory: children?.memory[at] };
    };
    await until('it is measured', () => child().state === 'running' && (child().memory ?? 0) > 0);
    await new DockerControl({ url: docker.url }).stop(container.id, 5);
    await until('it shows as stopped', () => child().state === 'exited');
    expect(child().memory).toBeNull();
    await container[Symbol.asyncDispose]();
    await until('it is gone', () => child().state === undefined);
  });
});
