import type { DeclaredFacts } from './declared.ts';
import { canonicalJson, sha256 } from './digest.ts';
import { isKnown, type Fact } from './fact.ts';
import type { DeclaredMount } from './mounts.ts';

/**
 * Hash of what a container is configured to be. Left out: id, name, labels, times, addresses, pids, and ids inside values (`container:<id>`, names of anonymous volumes), so that replicas and
 * re-created containers hash alike; the order of flags does not matter either.
 */
export function configHash(image: string, declared: DeclaredFacts): string {
  const plain: Record<string, unknown> = { image };
  for (const [field, fact] of Object.entries(declared) as [keyof DeclaredFacts, Fact<unknown>][]) {
    plain[field] = isKnown(fact) ? normal(field, fact.value) : null;
  }
  return sha256(canonicalJson(plain));
}

/** Fields whose values name an incarnation, or hold more than the configuration. */
const NORMAL: Partial<Readonly<Record<keyof DeclaredFacts, (value: unknown) => unknown>>> = {
  pidMode: withoutJoined,
  networkMode: withoutJoined,
  ipcMode: withoutJoined,
  mounts: (value) => sortedTexts((value as readonly DeclaredMount[]).map(normalMount)),
  environment: (value) => (value as { digest: string }).digest,
};

function normal(field: keyof DeclaredFacts, value: unknown): unknown {
  const special = NORMAL[field];
  if (special) return special(value);
  return Array.isArray(value) ? sortedTexts(value.map(withoutRef)) : value;
}

function withoutJoined(mode: unknown): string {
  return String(mode).replace(/^container:.*/s, 'container:*');
}

function normalMount(mount: DeclaredMount): unknown {
  const { ref: _ref, realSource: _realSource, ...rest } = mount;
  if (mount.type !== 'volume') return rest;
  const anonymous = /^[0-9a-f]{64}$/.test(mount.name ?? '');
  return { ...rest, source: '', name: anonymous ? 'anonymous' : mount.name };
}

function withoutRef(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { ref: _ref, ...rest } = item as { ref?: string };
  return rest;
}

function sortedTexts(items: readonly unknown[]): readonly string[] {
  return items.map(canonicalJson).sort();
}
