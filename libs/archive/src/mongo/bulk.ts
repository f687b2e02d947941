import type { AnyBulkWriteOperation, Collection, OptionalUnlessRequiredId } from 'mongodb';

import { duplicatesOf } from './mongo-errors.ts';

/** Documents have text ids that we make. */
export interface Keyed {
  readonly _id: string;
}

/** Documents in one request: encoding them takes the caller's thread about a millisecond. */
const AT_ONCE = 200;

/** Inserts what is missing, unordered; answers what was there already. */
export async function insertMissing<T extends Keyed>(collection: Collection<T>, documents: readonly T[]): Promise<T[]> {
  const present: T[] = [];
  for (let i = 0; i < documents.length; i += AT_ONCE) {
    const slice = documents.slice(i, i + AT_ONCE);
    try {
      await collection.insertMany(slice as OptionalUnlessRequiredId<T>[], { ordered: false });
    } catch (error) {
      const duplicates = duplicatesOf(error);
      if (!duplicates) throw error;
      for (const index of duplicates) {
        const document = slice[index];
        if (document) present.push(document);
      }
    }
  }
  return present;
}

/** Runs operations unordered; answers how many documents they found. */
export async function inBulk<T extends Keyed>(
  collection: Collection<T>,
  operations: readonly AnyBulkWriteOperation<T>[],
): Promise<number> {
  let matched = 0;
  for (let i = 0; i < operations.length; i += AT_ONCE) {
    const result = await collection.bulkWrite(operations.slice(i, i + AT_ONCE), { ordered: false });
    matched += result.matchedCount;
  }
  return matched;
}

/** Deletes at most `limit` documents, oldest first; answers how many. */
export async function deleteOldest<T extends Keyed>(
  collection: Collection<T>,
  filter: object,
  by: string,
  limit: number,
): Promise<number> {
  const found = await collection
    .find(filter)
    .sort({ [by]: 1, _id: 1 })
    .limit(limit)
    .project<Keyed>({ _id: 1 })
    .toArray();
  if (found.length === 0) return 0;
  const { deletedCount } = await collection.deleteMany({ ...filter, _id: { $in: found.map((d) => d._id) } } as never);
  return deletedCount;
}
