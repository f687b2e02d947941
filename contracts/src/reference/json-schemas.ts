import { z } from 'zod';

import type { BucketContract } from '../define/bucket.ts';
import { AuditRecord, ErrorReply } from '../platform/standard.ts';
import { BUCKETS, CONTRACTS, type SomeContract, type SomeQuery } from '../registry.ts';

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Name of a message's schema: `<kind>.<domain>.<name>.v<major>`, replies with `.reply`. */
export const schemaName = (contract: SomeContract): string => `${contract.kind}.${contract.type}.v${contract.major}`;

/** Schema as readers apply it: keys they do not know are allowed, so that a message of a newer minor version is understood. */
function readerSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as JsonSchema;
}

/** JSON Schemas of every message, reply and bucket value, by name. Generated from the registry and committed under `contracts/generated`. */
export function jsonSchemas(): ReadonlyMap<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  for (const contract of CONTRACTS) {
    schemas.set(schemaName(contract), readerSchema(contract.tolerant));
    if (isQuery(contract)) schemas.set(`${schemaName(contract)}.reply`, readerSchema(contract.replyTolerant));
  }
  for (const bucket of BUCKETS) schemas.set(bucketSchemaName(bucket), readerSchema(bucket.tolerant));
  schemas.set('aud.record.v1', readerSchema(AuditRecord));
  schemas.set('rpc.error.v1', readerSchema(ErrorReply));
  return schemas;
}

export const bucketSchemaName = (bucket: BucketContract<never>): string => `kv.${bucket.name}`;
export const isQuery = (contract: SomeContract): contract is SomeQuery => contract.kind === 'rpc';
