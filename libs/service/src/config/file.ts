import { readFileSync, statSync } from 'node:fs';
import { SERVICES } from '@seatrial/contracts';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

import { ConfigInvalid, type ConfigPlace } from '../errors.ts';

/** A configuration is written by people; anything larger is another file. */
const MOST_BYTES = 1024 * 1024;
/** Aliases that may be expanded: enough for people, too few to blow up memory. */
const MOST_ALIASES = 50;

/** Settings of one service as a file gives them, with their places. */
export interface ConfigFile {
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a setting stands, or its nearest parent; `key` names a key inside that parent. */
  place(path: readonly PropertyKey[], key?: string): ConfigPlace;
}

/**
 * Reads YAML or JSON. A file whose top level holds the service's name is one for several services: then only that section counts.
 * @throws ConfigInvalid with file and line
 */
export function readConfigFile(path: string, service: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(textOf(path), { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): ConfigPlace => {
    const { line, col } = lines.linePos(offset);
    return { source: path, line, column: col };
  };
  const faults = document.errors.map((fault) => ({
    place: at(fault.pos[0]),
    text: fault.message.split('\n')[0] ?? '',
  }));
  if (faults.length > 0) throw new ConfigInvalid(faults);
  const all = plain(document, path);
  const section = sectionOf(all, service, path);
  return {
    values: (section === undefined ? all : (all[section] ?? {})) as Readonly<Record<string, unknown>>,
    place: (inside, key) => {
      const full = section === undefined ? inside : [section, ...inside];
      return at(offsetOf(document, full, key));
    },
  };
}

function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`${size} bytes; at most ${MOST_BYTES} are read`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigInvalid([{ place: { source: path }, text: `cannot be read: ${(error as Error).message}` }]);
  }
}

function plain(document: Document.Parsed, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new ConfigInvalid([{ place: { source: path }, text: (error as Error).message }]);
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ConfigInvalid([{ place: { source: path, line: 1 }, text: 'is not a mapping of settings' }]);
  return value as Record<string, unknown>;
}

function sectionOf(all: Record<string, unknown>, service: string, path: string): string | undefined {
  if (!Object.hasOwn(all, service)) return undefined;
  const section = all[service];
  if (section !== null && (typeof section !== 'object' || Array.isArray(section)))
    throw new ConfigInvalid([{ place: { source: path }, text: `${service} is not a mapping of settings` }]);
  const foreign = Object.keys(all).filter((key) => !(SERVICES as readonly string[]).includes(key));
  if (foreign.length > 0)
    throw new ConfigInvalid([
      {
        place: { source: path },
        text: `holds a section "${service}" and, beside it, "${foreign[0]}", which is no service (${SERVICES.join(', ')})`,
      },
    ]);
  return service;
}

/** Offset of a key, else of the value at a path, else of the nearest parent that stands in the text. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key: string | undefined): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const parent = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const wanted = depth === path.length ? key : path[depth];
    if (isMap(parent) && wanted !== undefined) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(wanted));
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const range = (parent as { range?: readonly number[] } | null | undefined)?.range;
    if (range?.[0] !== undefined && (depth === path.length || depth === 0)) return range[0];
  }
  return 0;
}
