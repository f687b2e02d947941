import type { ResourceKind, ResourceRecord } from '@seatrial/contracts';

/** What a person's word for a resource led to. */
export type Found =
  | { readonly record: ResourceRecord }
  | { readonly ambiguous: readonly ResourceRecord[] }
  | { readonly nearest: readonly string[] };

/** Shortest prefix of an id that is taken for one; shorter ones would hit by accident. */
const MIN_PREFIX = 4;

/** Finds a resource by id, exact name, native id or a prefix of it, in this order. */
export function findResource(records: Iterable<ResourceRecord>, word: string, kind?: ResourceKind): Found {
  const candidates = [...records].filter((record) => kind === undefined || record.kind === kind);
  const steps: readonly ((record: ResourceRecord) => boolean)[] = [
    (record) => record.id === word,
    (record) => record.name === word,
    (record) => record.native === word,
    (record) => word.length >= MIN_PREFIX && record.native.startsWith(word),
  ];
  for (const matches of steps) {
    const hits = candidates.filter(matches);
    const [first] = hits;
    if (hits.length === 1 && first !== undefined) return { record: first };
    if (hits.length > 1) return { ambiguous: hits };
  }
  return { nearest: nearestNames(candidates, word) };
}

const NEAREST = 3;

function nearestNames(candidates: readonly ResourceRecord[], word: string): string[] {
  const limit = Math.max(2, Math.ceil(word.length / 3));
  const scored = candidates.map(({ name }) => ({ name, distance: editDistance(name.slice(0, 64), word.slice(0, 64)) }));
  const near = scored.filter(({ distance }) => distance <= limit).toSorted((a, b) => a.distance - b.distance);
  return [...new Set(near.map(({ name }) => name))].slice(0, NEAREST);
}

/** Levenshtein distance by two rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
