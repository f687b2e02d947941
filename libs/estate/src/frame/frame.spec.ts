import { Frames, type SampleBatch, type TargetState } from '@seatrial/contracts';
import { describe, expect, test } from 'vitest';

import { containerDraft, engineDraft } from '../inventory/docker.ts';
import { EstateGraph } from '../inventory/estate-graph.ts';
import { hostDraft } from '../inventory/host.ts';
import { recordOf } from '../inventory/record.ts';
import { LastValues } from '../samples/last-values.ts';
import { buildFrames, type FrameInput } from './build-frame.ts';

const AT = '2026-01-02T03:04:05.000Z';
const NOW = Date.parse(AT);
const cid = (n: number): string => String(n).padStart(64, 'c');

const target = (id: string, src: 'docker' | 'host'): TargetState => ({
  id,
  src,
  address: '',
  health: 'ok',
  capabilities: [],
  counts: {},
  since: AT,
  lastSampleAt: AT,
});
const batch = (
  tgt: string,
  resource: string,
  values: readonly (readonly [string, Record<string, string>, number])[],
  t0 = NOW,
): SampleBatch => ({
  v: 1,
  src: tgt === 'host' ? 'host' : 'docker',
  tgt,
  f: 1,
  t0,
  iv: 10,
  rs: [resource],
  ss: values.map(([metric, attributes]) => [metric, attributes]),
  ri: values.map(() => 0),
  si: values.map((_, i) => i),
  ts: values.map(() => 0),
  vs: values.map(([, , value]) => value),
});

function estate(containers: number, name = 'shop'): FrameInput & { values: LastValues; graph: EstateGraph } {
  const graph = new EstateGraph();
  const values = new LastValues();
  graph.put(recordOf(hostDraft('host', { hostname: 'box', architecture: 'x64' }), undefined, AT));
  graph.put(
    recordOf(
      engineDraft('docker', {
        id: 'E',
        name: 'box',
        version: '1',
        apiVersion: '1.41',
        cpus: 2,
        memoryBytes: 4_000,
        rootless: false,
        userNamespaces: false,
      }),
      undefined,
      AT,
    ),
  );
  for (let n = 0; n < containers; n++) {
    const draft = containerDraft('docker', {
      Id: cid(n),
      Names: [`/${name}-${n}`],
      Image: 'i',
      ImageID: 's',
      Created: 1,
      State: 'running',
      Labels: null,
    });
    graph.put(recordOf(draft, undefined, AT));
    values.take(
      batch('docker', draft.id, [
        ['container.cpu.usage', {}, 0.1],
        ['container.memory.working_set', {}, 100 + n],
      ]),
    );
  }
  values.take(
    batch('host', 'host/host', [
      ['system.cpu.utilization', {}, 0.25],
      ['system.cpu.logical.count', {}, 2],
      ['system.memory.usage', { 'system.memory.state': 'used' }, 1_000],
      ['system.memory.limit', {}, 4_000],
    ]),
  );
  return {
    nowMs: NOW,
    seq: 5,
    graph,
    values,
    targets: [target('docker', 'docker'), target('host', 'host')],
    coverage: new Map(),
    failed: new Map(),
  };
}

const frameOf = (input: FrameInput, scope: string) => buildFrames(input).find((frame) => frame.scope === scope);

describe('frames', () => {
  test('exist for the estate, every source and every target, and fit their contract', () => {
    const frames = buildFrames(estate(3));
    expect(frames.map(({ scope }) => scope).toSorted()).toEqual([
      'estate',
      'src-docker',
      'src-host',
      'tgt-docker',
      'tgt-host',
    ]);
    for (const frame of frames) expect(Frames.schema.safeParse(frame).error).toBeUndefined();
  });

  test('containers inside a host are not counted on top of it', () => {
    expect(frameOf(estate(3), 'estate')?.cpu).toEqual({ used: 0.5, capacity: 2, util: 0.25 });
  });

  test('a remote engine without its host is the sum of its containers', () => {
    const frame = frameOf(estate(3), 'tgt-docker');
    expect(frame?.cpu.used).toBeCloseTo(0.3, 12);
    expect(frame?.memory).toEqual({ used: 303, capacity: 4_000, util: 303 / 4_000 });
  });

  test('a value that is stale or was never read is null, never zero', () => {
    const input = estate(1);
    const later = frameOf({ ...input, nowMs: NOW + 30_001 }, 'estate');
    expect([later?.cpu.used, later?.memory.used, later?.children.memory]).toEqual([null, null, [null, null]]);
    expect(frameOf(input, 'estate')?.pressure).toEqual({ cpu: null, memory: null, io: null });
  });

  test('children are cut to 10 kB, largest memory first, and the rest is counted', () => {
    const frame = frameOf(estate(600, 'a-rather-long-name'), 'tgt-docker');
    expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(10_000);
    expect(frame?.children.id.length).toBeGreaterThan(50);
    expect((frame?.children.id.length ?? 0) + (frame?.children.more ?? 0)).toBe(600);
    expect(frame?.children.memory[0]).toBe(699);
  });
});
