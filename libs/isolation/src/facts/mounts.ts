import { posix } from 'node:path';

import { isKnown, mapFact, type Fact } from './fact.ts';
import { isRecord, type Section } from './section.ts';

/** One mount that a container was given. */
export interface DeclaredMount {
  readonly type: string;
  /** Name of a volume. */
  readonly name?: string;
  /** As configured. */
  readonly source: string;
  /** With symbolic links resolved on the host where that was possible, else `source` tidied up as text. */
  readonly realSource: string;
  readonly destination: string;
  readonly writable: boolean;
  readonly propagation: string;
  /** File systems below the source are not carried along. */
  readonly nonRecursive: boolean;
  readonly ref: string;
}

/**
 * Reads `Mounts`, with the bind options of `HostConfig.Mounts`.
 * @param realSources resolved paths of bind sources; resolving them is the caller's work, because it reads the host. A source that is not in it (a cyclic link, no access) is taken as text.
 */
export function declaredMounts(
  document: Section,
  hostConfig: Section,
  realSources: ReadonlyMap<string, string>,
): Fact<readonly DeclaredMount[]> {
  const nonRecursive = nonRecursiveTargets(hostConfig);
  return document.list('Mounts', 'a mount', (item, ref) => {
    if (!isRecord(item)) return undefined;
    const {
      Type: type,
      Name: name,
      Source: source,
      Destination: destination,
      RW: writable,
      Propagation: propagation,
    } = item;
    if (typeof type !== 'string' || typeof destination !== 'string' || typeof writable !== 'boolean') return undefined;
    const from = typeof source === 'string' ? source : '';
    if (type === 'bind' && from === '') return undefined;
    return {
      type,
      ...(typeof name === 'string' && name !== '' ? { name } : {}),
      source: from,
      realSource: realSources.get(from) ?? tidyPath(from),
      destination: posix.normalize(destination),
      writable,
      propagation: typeof propagation === 'string' ? propagation : '',
      nonRecursive: nonRecursive.has(destination),
      ref,
    };
  });
}

/** Mount points of `--tmpfs`; they may lie below a read-only bind and are no part of it. */
export function tmpfsTargets(hostConfig: Section): Fact<readonly string[]> {
  // Left out by the engine when empty.
  return mapFact(
    hostConfig.record('Tmpfs', 'a text', (options) => (typeof options === 'string' ? options : undefined), {}),
    Object.keys,
  );
}

/** `/var/run` and `/var/lock` have been links into `/run` on every Linux host for a decade (FHS 3.0, 5.13): the one thing about links that can be said from text alone. */
function tidyPath(path: string): string {
  if (path === '') return '';
  const plain = posix.normalize(path).replace(/(?<=.)\/$/, '');
  return plain.replace(/^\/var\/run(?=\/|$)/, '/run').replace(/^\/var\/lock(?=\/|$)/, '/run/lock');
}

function nonRecursiveTargets(hostConfig: Section): ReadonlySet<string> {
  const targets = new Set<string>();
  // Left out by the engine when empty; a malformed entry only loses this option, which makes checks stricter.
  const mounts = hostConfig.list<Readonly<Record<string, unknown>>>(
    'Mounts',
    'an object',
    (item) => (isRecord(item) ? item : {}),
    [],
  );
  if (!isKnown(mounts)) return targets;
  for (const { Target: target, BindOptions: options } of mounts.value) {
    if (typeof target === 'string' && isRecord(options) && options['NonRecursive'] === true) targets.add(target);
  }
  return targets;
}
