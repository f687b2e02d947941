import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { breakages, jsonSchemas, type JsonSchema } from '@seatrial/contracts/reference';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
/** Schemas of the last release. Replaced only when a release is made. */
const released = JSON.parse(readFileSync(join(ROOT, 'contracts/released/0.1.0.json'), 'utf8')) as Record<
  string,
  JsonSchema
>;
const current = jsonSchemas();

describe('against the last release', () => {
  test.each(Object.keys(released))('%s changed in a minor way at most', (name) => {
    expect(
      current.has(name),
      'a message that readers know was removed: keep it for one release beside the new major',
    ).toBe(true);
    expect(breakages(released[name], current.get(name))).toEqual([]);
  });
});

describe('a breakage is seen', () => {
  const before = {
    type: 'object',
    required: ['a'],
    properties: {
      a: { type: 'string', maxLength: 5 },
      list: { type: 'array', items: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
    },
  };
  const change = (more: object): object => ({ ...before, ...more });
  const properties = (more: object): object => change({ properties: { ...before.properties, ...more } });

  test.each<[string, object, string]>([
    ['removed field', change({ properties: { a: before.properties.a } }), '/list: was removed'],
    ['new required field', change({ required: ['a', 'list'] }), '/list: is required now'],
    ['required field made optional', change({ required: [] }), '/a: was required, so old readers need it'],
    ['other type', properties({ a: { type: 'number', maxLength: 5 } }), '/a: type was "string" and is "number"'],
    ['narrower text', properties({ a: { type: 'string', maxLength: 4 } }), '/a: maxLength was 5 and is 4'],
    ['wider text', properties({ a: { type: 'string', maxLength: 6 } }), '/a: maxLength was 5 and is 6'],
    [
      'deep inside a list',
      properties({
        list: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] } },
      }),
      '/list/*/x: type was "number" and is "string"',
    ],
  ])('%s', (_, after, sentence) => {
    expect(breakages(before, after)).toContain(sentence);
  });

  test('a new enum value, which an old reader refuses', () => {
    expect(breakages({ type: 'string', enum: ['a'] }, { type: 'string', enum: ['a', 'b'] })).toEqual([
      '/: enum was ["a"] and is ["a","b"]',
    ]);
  });

  test('a new optional field is none', () => {
    expect(breakages(before, properties({ b: { type: 'string' } }))).toEqual([]);
  });
});
