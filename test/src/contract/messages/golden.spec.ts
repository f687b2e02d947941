import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { BUCKETS, CONTRACTS } from '@seatrial/contracts';
import { type JsonSchema, schemaName } from '@seatrial/contracts/reference';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';

/** Messages that crossed the bus of a running plane, one file a message; recorded with `record.ts` beside this file, then kept as they are for good. */
const FOLDER = join(import.meta.dirname, '../../../golden');
const released = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../contracts/released/0.1.0.json'), 'utf8'),
) as Record<string, JsonSchema>;

const readers = new Map<string, z.ZodType>([
  ...CONTRACTS.map((contract) => [schemaName(contract), contract.tolerant] as const),
  ...CONTRACTS.flatMap((contract) =>
    contract.kind === 'rpc' ? [[`${schemaName(contract)}.reply`, contract.replyTolerant] as const] : [],
  ),
  ...BUCKETS.map((bucket) => [`kv.${bucket.name}`, bucket.tolerant] as const),
]) as Map<string, z.ZodType>;

const recorded = existsSync(FOLDER) ? readdirSync(FOLDER).map((file) => file.replace(/\.json$/, '')) : [];
const message = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));

const ajv = new Ajv2020({ strict: true, strictTuples: false });
addFormats.default(ajv);

describe('recorded messages', () => {
  test('there is one of every kind of message', () => {
    expect([...readers.keys()].filter((name) => !recorded.includes(name))).toEqual([]);
  });

  test.each(recorded)('%s is read by today’s reader, and nothing of it is lost', (name) => {
    expect(readers.get(name)?.parse(message(name))).toEqual(message(name));
  });

  test.each(recorded.filter((name) => name in released))(
    '%s with a field of a later minor version is read by the last release’s reader',
    (name) => {
      const validate = ajv.compile(released[name] ?? {});
      expect(validate({ ...(message(name) as object), fieldOfALaterVersion: 1 }) ? [] : validate.errors).toEqual([]);
    },
  );
});
