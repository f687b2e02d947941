import { describe, expect, test } from 'vitest';

import { documentOf, HOST } from '../fixtures/audits.ts';
import { hardenedInspect } from '../fixtures/inspect.ts';
import { HOST_NAMESPACES } from '../fixtures/kernel.ts';
import { bindSources } from './bind-sources.ts';
import { factDocument } from './document.ts';
import { effectiveFromEvidence } from './effective.ts';
import { engineFacts } from './engine.ts';
import { hostReference } from './host-reference.ts';
import { kernelOf } from '../fixtures/kernel.ts';
import { isLoopback, isWildcard } from './ports.ts';

describe('identity', () => {
  function identified(labels: Record<string, string>) {
    const draft = hardenedInspect();
    draft.Config.Labels = labels;
    const { identity, tenant, group, labels: kept } = documentOf(draft, []);
    return { identity, tenant, group, kept };
  }

  test.each([
    [{}, 'node-1/name/hard', 'unassigned', undefined],
    [
      {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.container-number': '2',
      },
      'node-1/compose/shop/web/2',
      'shop',
      'compose/shop',
    ],
    [
      {
        'io.kubernetes.pod.namespace': 'pay',
        'io.kubernetes.pod.name': 'api-0',
        'io.kubernetes.container.name': 'api',
      },
      'node-1/k8s/pay/api-0/api',
      'pay',
      'pod/pay/api-0',
    ],
    [
      { 'io.seatrial.instance': 'web-3', 'io.seatrial.tenant': 'acme', 'com.docker.compose.project': 'shop' },
      'instance/web-3',
      'acme',
      'compose/shop',
    ],
  ])('of %j', (labels, identity, tenant, group) => {
    expect(identified(labels)).toMatchObject({ identity, tenant, group });
  });

  test('other labels are not kept', () => {
    expect(identified({ 'com.example.token': 's3cret', 'io.seatrial.tenant': 'a' }).kept).toEqual({
      'io.seatrial.tenant': 'a',
    });
  });

  test('a rule of the configuration names the tenant where no label does', () => {
    const rule = { salt: 's', host: 'h', origin: 'file', tenantOf: () => 'by-rule' } as const;
    expect(factDocument(hardenedInspect(), rule).tenant).toBe('by-rule');
    const labelled = hardenedInspect();
    labelled.Config.Labels = { 'io.seatrial.tenant': 'by-label' };
    expect(factDocument(labelled, rule).tenant).toBe('by-label');
  });
});

describe('what the engine says about itself', () => {
  test.each([
    [['name=seccomp,profile=default'], { cgroupNamespaces: false, remapsUsers: false, seccompProfile: 'default' }],
    [
      ['name=seccomp,profile=builtin', 'name=cgroupns'],
      { cgroupNamespaces: true, remapsUsers: false, seccompProfile: 'builtin' },
    ],
    [
      ['name=rootless', 'name=seccomp,profile=unconfined'],
      { cgroupNamespaces: false, remapsUsers: true, seccompProfile: 'unconfined' },
    ],
    [[], { cgroupNamespaces: false, remapsUsers: false, seccompProfile: null }],
  ])('%j', (SecurityOptions, expected) => {
    const facts = engineFacts({ SecurityOptions });
    for (const [name, value] of Object.entries(expected))
      expect(facts[name as 'seccompProfile']).toMatchObject({ value });
  });

  test.each([
    ['20.10.24', '6.1.0', false],
    ['25.0.1', '5.11.0', false],
    ['25.0.1', '5.12.0-1', true],
    ['28.1', '6.8', true],
  ])('engine %s on kernel %s makes read-only recursive: %s', (ServerVersion, KernelVersion, value) => {
    expect(engineFacts({ ServerVersion, KernelVersion }).recursiveReadOnly).toMatchObject({ value });
  });

  test('without an answer everything is missing', () => {
    for (const fact of Object.values(engineFacts(undefined))) expect(fact).toMatchObject({ missing: 'unsupported' });
  });
});

test('a reference of the host is never empty: what does not look like a namespace is missing', () => {
  const { namespaces } = hostReference({
    name: 'h',
    namespaces: { ...HOST_NAMESPACES, pid: { value: '', ref: '/proc/1/ns/pid' }, net: { missing: 'denied' } },
  });
  expect(namespaces.pid).toMatchObject({ missing: 'unsupported' });
  expect(namespaces.net).toMatchObject({ missing: 'denied' });
  expect(namespaces.ipc).toMatchObject({ value: 'ipc:[4026531839]' });
  expect(hostReference({ name: 'h' }).namespaces.uts).toMatchObject({ missing: 'unsupported' });
});

test('values of the kernel that cannot be right are missing, and no limit is no limit', () => {
  const evidence = kernelOf(hardenedInspect());
  const ref = '/proc/1/status';
  const facts = effectiveFromEvidence({
    ...evidence,
    capBnd: { value: 'not hex', ref },
    effectiveUid: { value: Number.NaN, ref },
    memoryLimitBytes: { value: 9_223_372_036_854_771_712, ref },
  });
  expect(facts.capabilities).toMatchObject({ missing: 'unsupported' });
  expect(facts.uid).toMatchObject({ missing: 'unsupported' });
  expect(facts.memoryLimit).toMatchObject({ value: null });
});

test('the sources that a caller resolves decide', () => {
  const draft = hardenedInspect();
  draft.Mounts = [
    { Type: 'bind', Source: '/srv/link', Destination: '/x', RW: true },
    { Type: 'volume', Source: '/var/lib/docker/volumes/v', Destination: '/y', RW: true },
  ];
  expect(bindSources(draft)).toEqual(['/srv/link']);
  expect(bindSources({ Mounts: 'no list' })).toEqual([]);
  const document = factDocument(draft, {
    salt: 's',
    host: HOST.name,
    origin: 'file',
    realSources: new Map([['/srv/link', '/etc']]),
  });
  expect(document.declared.mounts).toMatchObject({ value: [{ source: '/srv/link', realSource: '/etc' }, {}] });
});

test('addresses', () => {
  for (const address of ['', '0.0.0.0', '::', '[::]', '0:0:0:0:0:0:0:0'])
    expect([address, isWildcard(address)]).toEqual([address, true]);
  for (const address of ['127.0.0.1', '::1', '10.0.0.1', 'fd00::'])
    expect([address, isWildcard(address)]).toEqual([address, false]);
  for (const address of ['127.0.0.1', '127.1.2.3', '::1']) expect(isLoopback(address)).toBe(true);
  for (const address of ['', '10.0.0.1', '1270.0.0.1']) expect(isLoopback(address)).toBe(false);
});
