import { expect, test } from 'vitest';

import { documentOf, HOST, INFO_V1 } from '../fixtures/audits.ts';
import { defaultInspect, hardenedInspect, volumeMount } from '../fixtures/inspect.ts';
import { engineFacts } from '../facts/engine.ts';
import { PeerIndex } from '../facts/peer-index.ts';
import { auditAll, currentIncarnations } from './audit-all.ts';
import { groupsOf } from './group.ts';
import { auditInspectFile } from './inspect-file.ts';
import { summarise } from './summary.ts';

const CONTEXT = { engine: engineFacts(INFO_V1), host: HOST };

test('sixty containers of one configuration are one group', () => {
  const drafts = Array.from({ length: 60 }, (_, i) => defaultInspect(`replica-${i}`));
  const audits = auditAll(
    drafts.map((draft) => documentOf(draft, drafts)),
    CONTEXT,
  );
  expect(groupsOf(audits).size).toBe(1);
  expect(summarise(audits)).toMatchObject({ targets: 60, groups: 1 });
  expect(new Set(audits.map((audit) => audit.target.identity)).size).toBe(60);
});

test('while a service is re-created its findings are those of the running container, then of the younger', () => {
  const labels = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.container-number': '1',
  };
  const make = (id: string, created: string, running: boolean) => {
    const draft = hardenedInspect(`shop-web-${id}`, id.repeat(64));
    draft.Config.Labels = labels;
    draft.Created = created;
    if (!running) draft.State = { Status: 'exited', Running: false, Pid: 0 };
    return { document: documentOf(draft, []) };
  };
  const ids = (...audits: { document: { id: string } }[]) =>
    currentIncarnations(audits as Parameters<typeof currentIncarnations>[0]).map(({ document }) => document.id[0]);
  expect(ids(make('a', '2026-11-25T00:00:00Z', true), make('b', '2026-11-25T01:00:00Z', false))).toEqual(['a']);
  expect(ids(make('a', '2026-11-25T00:00:00Z', true), make('b', '2026-11-25T01:00:00Z', true))).toEqual(['b']);
});

test('neighbours are those that share a namespace or a volume, or join', () => {
  const owner = hardenedInspect('owner');
  volumeMount(owner, 'data', '/data');
  const joiner = hardenedInspect('joiner');
  joiner.HostConfig['NetworkMode'] = 'container:owner';
  const reader = hardenedInspect('reader');
  volumeMount(reader, 'data', '/data', { ro: true });
  const stranger = hardenedInspect('stranger');
  const drafts = [owner, joiner, reader, stranger];
  const documents = drafts.map((draft) => documentOf(draft, drafts));
  const index = new PeerIndex(documents);
  const [first] = documents;
  if (!first) throw new Error('no document');
  expect(
    index
      .neighbours(first)
      .map((peer) => peer.name)
      .sort(),
  ).toEqual(['joiner', 'reader']);
});

test('a configuration hash tells configurations apart and incarnations not', () => {
  const hashOf = (draft: ReturnType<typeof defaultInspect>) => documentOf(draft, []).configHash;
  const again = defaultInspect('other', 'a'.repeat(64));
  again.Created = '2020-01-01T00:00:00Z';
  again.Config.Labels = { 'io.seatrial.instance': 'x' };
  expect(hashOf(again)).toBe(hashOf(defaultInspect()));
  const anonymous = (digit: string) => {
    const draft = defaultInspect();
    volumeMount(draft, digit.repeat(64), '/data');
    draft.HostConfig['PidMode'] = `container:${digit.repeat(64)}`;
    return hashOf(draft);
  };
  expect(anonymous('1')).toBe(anonymous('2'));
  const changed = defaultInspect();
  changed.HostConfig['Memory'] = 1;
  expect(hashOf(changed)).not.toBe(hashOf(defaultInspect()));
  const secret = defaultInspect();
  secret.Config.Env = ['PATH=/other'];
  expect(hashOf(secret)).not.toBe(hashOf(defaultInspect()));
});

test('a saved inspect file: one broken element does not stop the others', () => {
  const { audits, unaudited } = auditInspectFile([hardenedInspect(), { Id: 7 }, null, defaultInspect()], { salt: 's' });
  expect(audits.map((audit) => audit.target.name)).toEqual(['hard', 'plain']);
  expect(unaudited).toMatchObject([
    { index: 1, code: 'E-ISO-FACTS', message: expect.stringContaining('/Id') },
    { index: 2, code: 'E-ISO-FACTS' },
  ]);
  expect(() => auditInspectFile({ not: 'inspect' }, { salt: 's' })).toThrow(
    expect.objectContaining({ code: 'E-ISO-FACTS' }),
  );
  expect(auditInspectFile(hardenedInspect(), { salt: 's' }).audits).toHaveLength(1);
});
