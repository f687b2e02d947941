import { z } from 'zod';

import type { ConfigProblem } from '../errors.ts';
import { bareType } from './bare-type.ts';
import { unknownText } from './nearest.ts';
import { SHARED_VARIABLES } from './settings.ts';

/** A setting that a variable gave. */
export interface FromEnvironment {
  readonly key: string;
  readonly variable: string;
  readonly value: unknown;
}

type Env = Readonly<Record<string, string | undefined>>;

/** `SEATRIAL_<SERVICE>_` */
export function variablePrefix(service: string): string {
  return `SEATRIAL_${service.toUpperCase().replaceAll('-', '_')}_`;
}

/** `healthPort` -> `HEALTH_PORT` */
function variableSuffix(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Reads the variables of a service. Lists, records and nested settings are JSON; an empty variable counts as not set. */
export function readEnvironment(
  service: string,
  fields: Readonly<Record<string, z.ZodType>>,
  env: Env,
): { readonly values: readonly FromEnvironment[]; readonly problems: readonly ConfigProblem[] } {
  const prefix = variablePrefix(service);
  const values: FromEnvironment[] = [];
  const problems: ConfigProblem[] = [];
  for (const [key, field] of Object.entries(fields)) {
    const variable = [prefix + variableSuffix(key), SHARED_VARIABLES[key]].find(
      (name) => name !== undefined && env[name] !== undefined && env[name] !== '',
    );
    if (variable === undefined) continue;
    try {
      values.push({ key, variable, value: parsed(env[variable] ?? '', field) });
    } catch {
      problems.push({ place: { source: variable }, text: 'is not valid JSON' });
    }
  }
  const known = [...Object.keys(fields).map(variableSuffix), 'CONFIG'];
  for (const name of Object.keys(env))
    if (name.startsWith(prefix) && !known.includes(name.slice(prefix.length)))
      problems.push({
        place: { source: 'environment' },
        text: unknownText(
          'variable',
          name,
          known.map((suffix) => prefix + suffix),
        ),
      });
  return { values, problems };
}

/** Text as the type of its field wants it; what does not fit is left to the schema to refuse. */
function parsed(text: string, field: z.ZodType): unknown {
  const type = bareType(field);
  if (type instanceof z.ZodString || type instanceof z.ZodEnum) return text;
  if (type instanceof z.ZodNumber) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (type instanceof z.ZodBoolean)
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  return JSON.parse(text);
}
