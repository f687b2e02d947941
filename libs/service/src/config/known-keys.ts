import { z } from 'zod';

import { bareType } from './bare-type.ts';

/** Full names of the keys that a mapping at `path` may have; empty where any may stand. */
export function knownKeys(fields: Readonly<Record<string, z.ZodType>>, path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(fields);
  let types = [fields[String(path[0])]].filter((type) => type !== undefined);
  for (const step of path.slice(1)) types = types.flatMap((type) => within(type, step));
  const prefix = path.map(String).join('.');
  return [...new Set(types.flatMap(keysOf))].map((key) => `${prefix}.${key}`);
}

function within(type: z.ZodType, step: PropertyKey): z.ZodType[] {
  const bare = bareType(type);
  if (bare instanceof z.ZodArray) return [bare.element as z.ZodType];
  if (bare instanceof z.ZodRecord) return [bare.valueType as z.ZodType];
  if (bare instanceof z.ZodUnion) return bare.options.flatMap((option) => within(option as z.ZodType, step));
  const inner: unknown = bare instanceof z.ZodObject ? bare.shape[String(step)] : undefined;
  return inner instanceof z.ZodType ? [inner] : [];
}

function keysOf(type: z.ZodType): string[] {
  const bare = bareType(type);
  if (bare instanceof z.ZodObject) return Object.keys(bare.shape);
  return bare instanceof z.ZodUnion ? bare.options.flatMap((option) => keysOf(option as z.ZodType)) : [];
}
