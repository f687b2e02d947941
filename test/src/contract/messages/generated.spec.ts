import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { generatedFiles } from '@seatrial/contracts/reference';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const files = generatedFiles();

describe('generated files', () => {
  test.each([...files.keys()])('%s is what the registry gives (else: npm run generate)', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(files.get(path));
  });

  test('no schema of a message that is gone stays behind', () => {
    const committed = readdirSync(join(ROOT, 'contracts/generated/schemas')).map(
      (name) => `contracts/generated/schemas/${name}`,
    );
    expect(committed.filter((path) => !files.has(path))).toEqual([]);
  });
});

describe('the AsyncAPI document', () => {
  const document = JSON.parse(files.get('contracts/generated/asyncapi.json') ?? '') as Document;
  const validate = asyncApiValidator();

  test('is valid AsyncAPI 3.1', () => {
    expect(validate(document) ? [] : validate.errors?.slice(0, 3)).toEqual([]);
  });

  test('a broken one is refused, so the check can fail', () => {
    expect(validate({ ...document, channels: { x: { address: 5 } } })).toBe(false);
  });

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer ?? '');
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((pointer) => resolve(document, pointer) === undefined)).toEqual([]);
  });
});

interface Document {
  readonly channels: Record<string, unknown>;
}

function asyncApiValidator() {
  const require = createRequire(import.meta.url);
  const schema = require('@asyncapi/specs/schemas/3.1.0-without-$id.json') as AnySchemaObject;
  // The schema is JSON Schema draft 7 with formats that Ajv would have to be taught; what they check is not ours to get wrong.
  return new Ajv({ strict: false, validateFormats: false, allErrors: false }).compile(schema);
}

function resolve(document: unknown, pointer: string): unknown {
  const steps = pointer
    .replace(/^#\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined),
    document,
  );
}
