import { createHash } from 'node:crypto';

import type { ResourceChange, ResourceRecord } from '@seatrial/contracts';

import type { ResourceDraft } from './draft.ts';

/** SHA-256 of the draft with sorted keys: equal drafts have equal digests whatever order the source used. */
export function digestOf(draft: ResourceDraft): string {
  return createHash('sha256').update(canonical(draft)).digest('hex');
}

/** Key of a record in the inventory bucket: `<target>.<kind>.<native id>`, other bytes than `[A-Za-z0-9_-]` of the native id as `=XX`. */
export function inventoryKey(record: Pick<ResourceRecord, 'tgt' | 'kind' | 'native'>): string {
  const bytes = Buffer.from(record.native, 'utf8');
  const safe = Array.from(bytes, (byte) =>
    /[A-Za-z0-9_-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `${record.tgt}.${record.kind}.${safe.join('')}`;
}

/** What to write and to tell after looking at a target. */
export interface InventoryDiff {
  readonly added: readonly ResourceRecord[];
  readonly modified: readonly {
    readonly before: ResourceRecord;
    readonly after: ResourceRecord;
    readonly changed: readonly string[];
  }[];
  readonly removed: readonly ResourceRecord[];
}

/**
 * Compares what is known of a target with what it shows now.
 * @param known records by resource id
 * @param shown complete listing; whatever is known and not shown is removed
 * @param at RFC 3339 time of the listing
 */
export function diffInventory(
  known: ReadonlyMap<string, ResourceRecord>,
  shown: readonly ResourceDraft[],
  at: string,
): InventoryDiff {
  const added: ResourceRecord[] = [];
  const modified: { before: ResourceRecord; after: ResourceRecord; changed: string[] }[] = [];
  const seen = new Set<string>();
  for (const draft of shown) {
    seen.add(draft.id);
    const before = known.get(draft.id);
    const after = recordOf(draft, before, at);
    if (before === undefined) added.push(after);
    else if (before.digest !== after.digest) modified.push({ before, after, changed: changedFields(before, after) });
  }
  return { added, modified, removed: [...known.values()].filter(({ id }) => !seen.has(id)) };
}

/** The record of a draft; `firstSeen` is kept from the one before. */
export function recordOf(draft: ResourceDraft, before: ResourceRecord | undefined, at: string): ResourceRecord {
  return { ...draft, digest: digestOf(draft), firstSeen: before?.firstSeen ?? at, lastSeen: at };
}

const COMPARED = ['name', 'uuid', 'status', 'rel', 'simulated'] as const;

/** JSON pointers of the fields that differ. */
function changedFields(before: ResourceRecord, after: ResourceRecord): string[] {
  const top = COMPARED.filter((field) => canonical(before[field]) !== canonical(after[field])).map(
    (field) => `/${field}`,
  );
  const inner = (['attrs', 'labels'] as const).flatMap((field) => {
    const names = new Set([...Object.keys(before[field]), ...Object.keys(after[field])]);
    return [...names]
      .filter((name) => before[field][name] !== after[field][name])
      .map((name) => `/${field}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  });
  return [...top, ...inner].slice(0, MAX_CHANGED);
}

/** The contract takes 200. */
const MAX_CHANGED = 200;

/** The change as it is published. @param rev revision of the write in the inventory bucket */
export function changeOf(
  op: ResourceChange['op'],
  records: { before?: ResourceRecord; after?: ResourceRecord },
  rev: number,
  changed: readonly string[] = [],
): ResourceChange {
  const id = (records.after ?? records.before)?.id ?? '';
  return {
    op,
    id,
    rev,
    ...(records.before && { before: records.before }),
    ...(records.after && { after: records.after }),
    changed: [...changed],
  };
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}
