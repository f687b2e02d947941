import { parseArgs } from 'node:util';
import type { z } from 'zod';

import { ConfigInvalid, type ConfigPlace, type ConfigProblem } from '../errors.ts';
import { readEnvironment, variablePrefix, type FromEnvironment } from './environment.ts';
import { readConfigFile, type ConfigFile } from './file.ts';
import { knownKeys } from './known-keys.ts';
import { unknownText } from './nearest.ts';
import { redacted } from './redact.ts';
import { serviceSettings, type ServiceSettings } from './settings.ts';

/** An object schema; its keys are the settings. */
export type ConfigSchema<C> = z.ZodType<C> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/** Settings of one process, and where each came from. */
export interface LoadedConfig<C> {
  readonly settings: ServiceSettings;
  readonly config: C;
  /** By key: `default`, a variable, or `file:line`. */
  readonly sources: Readonly<Record<string, string>>;
  /** `--print-config` was given: print and end. */
  readonly printOnly: boolean;
}

export interface ConfigInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments behind the script. */
  readonly args: readonly string[];
}

/**
 * Settings of a service: a variable wins over the file (`--config FILE`, `SEATRIAL_<SERVICE>_CONFIG` or `SEATRIAL_CONFIG`), the file over the default.
 * @throws ConfigInvalid that lists every problem with its place
 */
export function loadConfig<C>(service: string, schema: ConfigSchema<C>, { env, args }: ConfigInputs): LoadedConfig<C> {
  const flags = readFlags(args);
  const fields = { ...serviceSettings.shape, ...schema.shape };
  const path = flags.config ?? env[`${variablePrefix(service)}CONFIG`] ?? env['SEATRIAL_CONFIG'];
  const file = path === undefined || path === '' ? undefined : readConfigFile(path, service);
  const environment = readEnvironment(service, fields, env);
  const problems: ConfigProblem[] = [...environment.problems];

  const given: Record<string, unknown> = { ...file?.values };
  for (const { key, value } of environment.values) given[key] = value;
  const where = placesOf(file, environment.values);

  // Two schemas, one set of keys: each gets its own, and what neither knows goes to the first to complain.
  const base = serviceSettings.safeParse(pick(given, (key) => key in serviceSettings.shape));
  const own = schema.safeParse(pick(given, (key) => !(key in serviceSettings.shape)));
  for (const result of [base, own])
    for (const issue of result.error?.issues ?? []) problems.push(...problemsOf(issue, fields, where));
  if (problems.length > 0 || base.data === undefined || own.data === undefined)
    throw new ConfigInvalid(problems.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0)));
  const sources = Object.fromEntries(Object.keys(fields).map((key) => [key, sourceOf(key, file, environment.values)]));
  return { settings: base.data, config: own.data, sources, printOnly: flags.printOnly };
}

/** What `--print-config` prints: YAML with the source of every value, secrets hidden. */
export function configText({ settings, config, sources }: LoadedConfig<unknown>): string {
  const all = { ...settings, ...(config as object) } as Record<string, unknown>;
  const shown = redacted(all) as Record<string, unknown>;
  return Object.keys(sources)
    .map((key) => (key in shown ? `${key}: ${JSON.stringify(shown[key])}  # ${sources[key]}` : `# ${key}: not set`))
    .join('\n');
}

function readFlags(args: readonly string[]): { config: string | undefined; printOnly: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, 'print-config': { type: 'boolean' } },
    });
    return { config: values.config, printOnly: values['print-config'] === true };
  } catch (error) {
    throw new ConfigInvalid([{ place: { source: 'command line' }, text: (error as Error).message }]);
  }
}

type Places = (path: readonly PropertyKey[], key?: string) => ConfigPlace;

function placesOf(file: ConfigFile | undefined, values: readonly FromEnvironment[]): Places {
  return (path, key) => {
    const top = path[0] ?? key;
    const variable = values.find((value) => value.key === top)?.variable;
    if (variable !== undefined) return { source: variable };
    return file === undefined ? { source: 'configuration' } : file.place(path, key);
  };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  fields: Readonly<Record<string, z.ZodType>>,
  where: Places,
): ConfigProblem[] {
  const name = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      place: where(issue.path, key),
      text: unknownText('key', name === '' ? key : `${name}.${key}`, knownKeys(fields, issue.path)),
    }));
  return [{ place: where(issue.path), text: `${name || 'configuration'}: ${issue.message}` }];
}

function sourceOf(key: string, file: ConfigFile | undefined, values: readonly FromEnvironment[]): string {
  const variable = values.find((value) => value.key === key)?.variable;
  if (variable !== undefined) return variable;
  if (file === undefined || !Object.hasOwn(file.values, key)) return 'default';
  const { source, line } = file.place([key]);
  return `${source}:${line}`;
}

function pick(all: Readonly<Record<string, unknown>>, wanted: (key: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => wanted(key)));
}
