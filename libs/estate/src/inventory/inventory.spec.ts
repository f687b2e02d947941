import { ResourceChanged, ResourceRecord } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { containerDraft, type ContainerFacts, engineDraft, networkDraft } from './docker.ts';
import type { ResourceDraft } from './draft.ts';
import { EstateGraph } from './estate-graph.ts';
import { findResource } from './find.ts';
import { hostDraft } from './host.ts';
import { changeOf, diffInventory, digestOf, inventoryKey, recordOf } from './record.ts';

const AT = '2026-01-02T03:04:05.000Z';
const id = (n: number): string => String(n).padStart(64, 'a');

function listed(n: number, more: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    Id: id(n),
    Names: [`/shop-${n}`],
    Image: 'shop',
    ImageID: 'sha256:1',
    Created: 1_700_000_000,
    State: 'running',
    Labels: { b: '2', a: '1' },
    ...more,
  };
}

describe('drafts of an engine', () => {
  test('a container relates to its engine, image, networks, volumes and the container whose network it joined', () => {
    const draft = containerDraft(
      'docker',
      listed(1, {
        HostConfig: { NetworkMode: `container:${id(2)}` },
        NetworkSettings: { Networks: { web: { NetworkID: 'net1' } } },
        Mounts: [
          { Type: 'volume', Name: 'data', Source: '/v' },
          { Type: 'bind', Source: '/etc' },
        ],
      }),
    );
    expect(draft.rel.map(({ type, to }) => `${type} ${to}`)).toEqual([
      `connected-to docker/${id(2)}`,
      'connected-to docker/net1',
      'managed-by docker/sha256:1',
      'runs-on docker/engine',
      'stored-on docker/volume:data',
    ]);
  });

  test('hostile names and labels fit the contract', () => {
    const draft = containerDraft(
      'docker',
      listed(1, {
        Names: [`/${'x'.repeat(5_000)}`],
        Labels: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}\u0007`, '\u001b[31m'.repeat(3_000)])),
      }),
    );
    const record = recordOf(draft, undefined, AT);
    expect(ResourceRecord.safeParse(record).success).toBe(true);
    expect(JSON.stringify(record)).not.toMatch(/\\u00(07|1b)/);
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(16 * 1024);
  });
});

describe('the difference of two looks', () => {
  const drafts = fc.uniqueArray(
    fc.record({
      n: fc.integer({ min: 0, max: 12 }),
      state: fc.constantFrom('running', 'exited'),
      label: fc.constantFrom('x', 'y'),
    }),
    { selector: ({ n }) => n },
  );
  const draftsOf = (all: readonly { n: number; state: string; label: string }[]): ResourceDraft[] =>
    all.map(({ n, state, label }) => containerDraft('docker', listed(n, { State: state, Labels: { label } })));

  test('applied to the first gives the second', () => {
    fc.assert(
      fc.property(drafts, drafts, (first, second) => {
        const known = new Map(draftsOf(first).map((draft) => [draft.id, recordOf(draft, undefined, AT)]));
        const diff = diffInventory(known, draftsOf(second), AT);
        for (const after of diff.added) known.set(after.id, after);
        for (const { after } of diff.modified) known.set(after.id, after);
        for (const { id: gone } of diff.removed) known.delete(gone);
        const digests = (records: Iterable<{ id: string; digest: string }>): string[] =>
          [...records].map((record) => `${record.id} ${record.digest}`).toSorted();
        expect(digests(known.values())).toEqual(
          digests(draftsOf(second).map((draft) => recordOf(draft, undefined, AT))),
        );
        expect(diffInventory(known, draftsOf(second), AT)).toEqual({ added: [], modified: [], removed: [] });
      }),
    );
  });

  test('names the fields that differ and keeps firstSeen', () => {
    const before = recordOf(containerDraft('docker', listed(1, { Labels: { 'a/b': '1' } })), undefined, AT);
    const { modified } = diffInventory(
      new Map([[before.id, before]]),
      [containerDraft('docker', listed(1, { State: 'exited', Labels: { 'a/b': '2' } }), { exitCode: 1 })],
      '2026-02-02T00:00:00.000Z',
    );
    expect(modified[0]?.changed).toEqual(['/status', '/attrs/exitCode', '/labels/a~1b']);
    expect(modified[0]?.after.firstSeen).toBe(AT);
    const change = changeOf('modified', modified[0] ?? {}, 3, modified[0]?.changed);
    expect(
      ResourceChanged.schema.safeParse({ src: 'docker', tgt: 'docker', kind: 'container', changes: [change] }).success,
    ).toBe(true);
  });

  test('the order in which a source lists labels makes no difference', () => {
    expect(digestOf(containerDraft('docker', listed(1, { Labels: { a: '1', b: '2' } })))).toBe(
      digestOf(containerDraft('docker', listed(1, { Labels: { b: '2', a: '1' } }))),
    );
  });

  test('two native ids never share a key, and every key is legal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        (a, b) => {
          const key = (native: string): string => inventoryKey({ tgt: 'docker', kind: 'container', native });
          expect(key(a)).toMatch(/^[-/_=.a-zA-Z0-9]+$/);
          expect(key(a) === key(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
        },
      ),
    );
  });
});

describe('the graph', () => {
  const facts = {
    id: 'E',
    name: 'box',
    version: '1',
    apiVersion: '1.41',
    cpus: 2,
    memoryBytes: 1,
    rootless: false,
    userNamespaces: false,
  };
  const graph = new EstateGraph();
  for (const draft of [
    hostDraft('host', { hostname: 'box', architecture: 'x64' }),
    engineDraft('docker', facts, { type: 'runs-on', to: 'host/host', confidence: 0.9 }),
    containerDraft('docker', listed(1)),
    networkDraft('docker', { Id: 'net1', Name: 'web', Driver: 'bridge' }),
  ])
    graph.put(recordOf(draft, undefined, AT));

  test('leads from a container over its engine to the host', () => {
    expect(graph.ownersOf(`docker/${id(1)}`).map((owner) => owner.id)).toEqual(['docker/engine', 'host/host']);
    expect(graph.dependentsOf('docker/engine')).toEqual([`docker/${id(1)}`, 'docker/net1']);
  });

  test('forgets the edges of what is removed', () => {
    const copy = new EstateGraph();
    for (const record of graph.records) copy.put(record);
    copy.delete('docker/net1');
    expect(copy.dependentsOf('docker/engine')).toEqual([`docker/${id(1)}`]);
  });

  test('finds by name, id and prefix, says when a prefix fits several, and suggests near names', () => {
    expect(findResource(graph.records, 'shop-1')).toMatchObject({ record: { native: id(1) } });
    expect(findResource(graph.records, id(1).slice(0, 12))).toMatchObject({ record: { name: 'shop-1' } });
    expect(findResource(graph.records, 'shop-2')).toEqual({ nearest: ['shop-1'] });
    const twins = new EstateGraph();
    for (const n of [1, 2]) twins.put(recordOf(containerDraft('docker', listed(n, { Names: null })), undefined, AT));
    expect(findResource(twins.records, 'aaaa')).toMatchObject({ ambiguous: [{ native: id(1) }, { native: id(2) }] });
  });
});
