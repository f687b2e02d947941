import {
  CONTRACTS,
  MetricsCatalogue,
  MetricsHistory,
  MetricsLatest,
  ResourceGet,
  ResourcesList,
  type ResourceRecord,
} from '@seatrial/contracts';
import { requireDocker, startBroker, startContainer, TEST_RUN, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { connect, scratch, startCollector } from './running.ts';

const docker = await requireDocker();
const LABEL = { 'io.seatrial.test': TEST_RUN };

describe.skipIf(docker.skip !== undefined)('queries of a viewer', () => {
  test('lists, finds, latest values and history answer about what really runs, and say what they do not know', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    const name = `queries-${TEST_RUN}`;
    await using a = await startContainer(docker, { name: `${name}-alpha` });
    await using b = await startContainer(docker, { name: `${name}-beta` });
    await using collector = startCollector(broker, {
      targets: [
        { id: 'local', src: 'docker', url: docker.url },
        { id: 'here', src: 'host' },
      ],
      archive: `${folder.path}/a.db`,
    });
    await collector.ready;
    await using bus = await connect(broker);

    const list = async (): Promise<ResourceRecord[]> => {
      const found: ResourceRecord[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await bus.request(ResourcesList, {
          kinds: ['container'],
          labels: LABEL,
          limit: 1,
          ...(cursor !== undefined && { cursor }),
        });
        found.push(...page.resources);
        if (page.cursor === undefined) return found;
        ({ cursor } = page);
      }
    };
    const listed = await until('both are listed', async () => {
      const found = await list();
      return found.length >= 2 && found;
    });
    expect(listed.map(({ id }) => id)).toEqual([`local/${a.id}`, `local/${b.id}`].toSorted());
    const children = await bus.request(ResourcesList, { parent: 'local/engine', limit: 500 });
    expect(children.resources.map(({ id }) => id)).toEqual(expect.arrayContaining([`local/${a.id}`, `local/${b.id}`]));
    await expect(bus.request(ResourcesList, { cursor: 'no cursor' })).rejects.toMatchObject({
      code: 'E-ESTATE-INVALID',
    });

    for (const word of [a.name, a.id, a.id.slice(0, 12), `local/${a.id}`]) {
      const { resource, owners } = await bus.request(ResourceGet, { id: word });
      expect(resource.id).toBe(`local/${a.id}`);
      expect(owners.map(({ id }) => id)).toEqual(['local/engine', 'here/host']);
    }
    const engine = await bus.request(ResourceGet, { id: 'local/engine' });
    expect(engine.dependents).toEqual(expect.arrayContaining([`local/${a.id}`, `local/${b.id}`]));
    await expect(bus.request(ResourceGet, { id: `${name}-alphq` })).rejects.toMatchObject({
      code: 'E-ESTATE-NOT-FOUND',
      details: { nearest: expect.arrayContaining([`${name}-alpha`]) as unknown },
    });
    // Images of the same base share the beginning of their native id.
    await expect(bus.request(ResourceGet, { id: 'sha256:', kind: 'image' })).rejects.toMatchObject({
      code: expect.stringMatching(/^E-ESTATE-(INVALID|NOT-FOUND)$/) as unknown,
    });

    const values = await until('both have values', async () => {
      const answer = await bus.request(MetricsLatest, {
        resources: [`local/${a.id}`, `local/${b.id}`],
        metrics: ['container.memory.usage'],
      });
      return answer.values.length === 2 && answer.values;
    });
    for (const value of values) expect(value).toMatchObject({ unit: 'By', stale: false });
    expect((await bus.request(MetricsLatest, { resources: ['local/unknown'] })).values).toEqual([]);

    const window = (backMs: number): { from: string; to: string } => ({
      from: new Date(Date.now() - backMs).toISOString(),
      to: new Date(Date.now() + 1000).toISOString(),
    });
    const asked = { resources: [`local/${a.id}`], metrics: ['container.memory.usage'] };
    const history = await until('history is there', async () => {
      const answer = await bus.request(MetricsHistory, { ...asked, ...window(60_000) });
      return (answer.series[0]?.t.length ?? 0) >= 2 && answer;
    });
    expect(history.tier).toBe('native');
    const [series] = history.series;
    expect(series?.mean).toHaveLength(series?.t.length ?? 0);
    const known = values.find(({ resource }) => resource === `local/${a.id}`);
    expect(series?.mean[series.t.indexOf(known?.t ?? 0)]).toBe(known?.value);
    await expect(
      bus.request(MetricsHistory, { ...asked, from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'E-ESTATE-NO-DATA' });
    await expect(
      bus.request(MetricsHistory, { ...asked, from: '2020-01-02T00:00:00Z', to: '2020-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'E-ESTATE-INVALID' });

    const { metrics } = await bus.request(MetricsCatalogue, {});
    const units = new Map(metrics.map((metric) => [metric.name, metric.unit]));
    const everything = await bus.request(MetricsLatest, { resources: [`local/${a.id}`, 'here/host'] });
    for (const { metric, unit } of everything.values) expect(units.get(metric)).toBe(unit);

    // Every query of the domain has an answer: none is declared and forgotten.
    const queries = CONTRACTS.filter(({ kind, domain }) => kind === 'rpc' && domain === 'estate').map(
      ({ subject }) => subject,
    );
    const [info] = (await bus.discover()).filter(({ name: service }) => service === 'collector');
    expect(info?.endpoints.map(({ subject }) => subject).toSorted()).toEqual(queries.toSorted());
  });

  test('an ambiguous prefix is refused with what it fits', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using container = await startContainer(docker, { name: `twin-${TEST_RUN}` });
    const targets = [
      { id: 'one', src: 'docker', url: docker.url },
      { id: 'two', src: 'docker', url: docker.url },
    ];
    await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
    await collector.ready;
    await using bus = await connect(broker);
    const failure = await until('both targets show it', async () => {
      const error: unknown = await bus
        .request(ResourceGet, { id: container.id.slice(0, 8) })
        .catch((reason: unknown) => reason);
      return (error as { code?: string }).code === 'E-ESTATE-INVALID' && error;
    });
    expect(failure).toMatchObject({
      details: { ids: expect.arrayContaining([`one/${container.id}`, `two/${container.id}`]) as unknown },
    });
  });

  test('an answer that no message could hold is refused with a remedy', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using containers = new AsyncDisposableStack();
    for (let n = 0; n < 3; n++) containers.use(await startContainer(docker));
    await using collector = startCollector(broker, {
      targets: [{ id: 'local', src: 'docker', url: docker.url }],
      archive: `${folder.path}/a.db`,
    });
    await collector.ready;
    await using bus = await connect(broker);
    const ids = await until('they are listed', async () => {
      const { resources } = await bus.request(ResourcesList, { kinds: ['container'], labels: LABEL });
      return resources.length >= 3 && resources.map(({ id }) => id);
    });
    await until(
      'they are measured',
      async () => (await bus.request(MetricsLatest, { resources: ids })).values.length > 30,
    );
    // The same resource many times: as large as an answer about many.
    const resources = Array.from({ length: 500 }, (_, n) => ids[n % ids.length] ?? '');
    await expect(bus.request(MetricsLatest, { resources })).rejects.toMatchObject({
      code: 'E-ESTATE-INVALID',
      hint: expect.stringContaining('fewer') as unknown,
    });
  });
});
