import type { JsonSchema } from './json-schemas.ts';

/**
 * Differences between two reader's schemas of one message that break a minor version. A minor change adds an optional field, and nothing else: then an old reader takes
 * new messages and a new reader old ones.
 * @returns one sentence a breakage, with the JSON pointer into the message; empty when compatible
 */
export function breakages(released: unknown, current: unknown, at = ''): string[] {
  const [before, after] = [asSchema(released), asSchema(current)];
  const where = at || '/';
  const alternatives = (schema: JsonSchema): unknown[] => asList(schema['anyOf'] ?? schema['oneOf']);
  if (alternatives(before).length > 0 || alternatives(after).length > 0)
    return alternativeBreakages(alternatives(before), alternatives(after), where);
  const changed = FIXED.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map(
    (key) => `${where}: ${key} was ${shown(before[key])} and is ${shown(after[key])}`,
  );
  return [...changed, ...propertyBreakages(before, after, at), ...partBreakages(before, after, at)];
}

/** A change of any of these makes some message valid for one side only. */
const FIXED = [
  'type',
  'const',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'propertyNames',
  'minProperties',
  'maxProperties',
];

function propertyBreakages(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [old, now] = [asSchema(before['properties']), asSchema(after['properties'])];
  const [oldRequired, nowRequired] = [asList(before['required']), asList(after['required'])];
  const required = [
    ...nowRequired
      .filter((name) => !oldRequired.includes(name))
      .map((name) => `${at}/${String(name)}: is required now`),
    ...oldRequired
      .filter((name) => !nowRequired.includes(name))
      .map((name) => `${at}/${String(name)}: was required, so old readers need it`),
  ];
  const fields = Object.keys(old).flatMap((name) =>
    name in now ? breakages(old[name], now[name], `${at}/${name}`) : [`${at}/${name}: was removed`],
  );
  return [...required, ...fields];
}

function partBreakages(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const parts = ['items', 'additionalProperties'].flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (old === undefined && now === undefined) return [];
    return typeof old === 'object' && typeof now === 'object'
      ? breakages(old, now, `${at}/*`)
      : old === now
        ? []
        : [`${at || '/'}: ${key} was ${shown(old)} and is ${shown(now)}`];
  });
  const [oldTuple, nowTuple] = [asList(before['prefixItems']), asList(after['prefixItems'])];
  if (oldTuple.length !== nowTuple.length)
    return [...parts, `${at || '/'}: had ${oldTuple.length} places and has ${nowTuple.length}`];
  return [...parts, ...oldTuple.flatMap((schema, i) => breakages(schema, nowTuple[i], `${at}/${i}`))];
}

function alternativeBreakages(before: unknown[], after: unknown[], where: string): string[] {
  if (before.length !== after.length) return [`${where}: had ${before.length} alternatives and has ${after.length}`];
  return before.flatMap((schema, i) => breakages(schema, after[i], where === '/' ? '' : where));
}

const asSchema = (value: unknown): JsonSchema =>
  typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
