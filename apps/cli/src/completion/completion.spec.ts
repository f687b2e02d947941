import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { layoutOf } from '../layout.ts';
import { GROUPS } from '../test/groups.ts';
import { TEST_GROUPS } from '../verb-table/plane.ts';
import { answer } from './answer.ts';
import { knownNames, rememberNames } from './names.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'seatrial-completion-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(data, { recursive: true });
});

const env = () => ({ SEATRIAL_ROOT: data, SEATRIAL_DATA: data });

/** What the shell is offered for the words behind the program. */
function offered(...words: string[]): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  answer(words, env());
  return lines.map((line) => line.split('\t')[0] ?? '');
}

describe('completion offers', () => {
  test.each([
    [['sta'], ['status']],
    [
      ['get', ''],
      ['hosts', 'containers', 'findings', 'targets'],
    ],
    [
      ['get', 'hosts', '--output', ''],
      ['table', 'wide', 'json', 'yaml', 'ndjson', 'name'],
    ],
    [['get', 'hosts', '--output=j'], ['json']],
    [['get', 'hosts', '--sort'], ['--sort-by']],
    [
      ['dlq', ''],
      ['list', 'show', 'replay'],
    ],
    [['completion', 'f'], ['fish']],
    [['help', 'exit'], ['exit-codes']],
    [['scan', '--fail-on', 'c'], ['critical']],
    [['tools', 'nats-s'], ['nats-server']],
    [['test', 'unit', 'con'], ['contract']],
  ])('for %j', (words, values) => {
    expect(offered(...words)).toEqual([...values, ':4']);
  });

  test('file names where a file is wanted', () => {
    expect(offered('scan', '--inspect', '')).toEqual([':0']);
  });

  test('names that were seen on the bus, by kind', () => {
    rememberNames(layoutOf(env()), {
      hosts: ['node-1'],
      containers: ['shop-web', 'shop-api'],
      checks: ['dkr.ns.pid.host'],
      contracts: ['isolation.finding'],
    });
    expect(offered('get', 'hosts', '')).toEqual(['node-1', ':4']);
    expect(offered('describe', 'co', 'shop-w')).toEqual(['shop-web', ':4']);
    expect(offered('sub', 'iso')).toEqual(['isolation.finding', ':4']);
    expect(offered('explain', 'dkr')).toEqual(['dkr.ns.pid.host', ':4']);
    expect(offered('explain', 'dkr.ns.pid.host', 'shop-a')).toEqual(['shop-api', ':4']);
  });
});

test('the groups of the table are those of the test verb', () => {
  expect(TEST_GROUPS).toEqual(GROUPS.map(({ name }) => name));
});

describe('the cache of names', () => {
  test('never holds a name that a shell would expand', () => {
    rememberNames(layoutOf(env()), { containers: ['$(reboot)', '`id`', 'a b', "a'b", '-rf', 'x;y', 'ok_1.2'] });
    expect(knownNames(layoutOf(env())).containers).toEqual(['ok_1.2']);
  });

  test('keeps other kinds, and is empty when it cannot be read', () => {
    const layout = layoutOf(env());
    rememberNames(layout, { hosts: ['a'] });
    rememberNames(layout, { targets: ['b'] });
    expect(knownNames(layout)).toEqual({ hosts: ['a'], targets: ['b'] });
    expect(knownNames(layoutOf({ SEATRIAL_ROOT: data, SEATRIAL_DATA: join(data, 'none') }))).toEqual({});
  });
});
