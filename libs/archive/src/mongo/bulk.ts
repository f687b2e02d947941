import {
  MongoBulkWriteError,
  type AnyBulkWriteOperation,
  type Collection,
  type OptionalUnlessRequiredId,
} from 'mongodb';

import { duplicatesOf } from './mongo-errors.ts';

/** Documents have text ids that we make. */
export interface Keyed {
  readonly _id: string;
}

/** Documents in one insert: encoding them takes the thread about a millisecond. */
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

/**
 * Operations in one request. FerretDB 1.24 holds one of its 100 database connections for each update until the request ends, and stands still for ever when they run out
 * (`msg_update.go`: the iterators are closed at the end; `opendb.go`: the limit): requests are small, and one runs at a time.
 */
const UPDATES_AT_ONCE = 25;
/** Each try fails only if somebody removed the document again in between. */
const MAX_TRIES = 5;

/** Updates of one database, one request after the other. */
export class BulkUpdates {
  #before: Promise<unknown> = Promise.resolve();

  /**
   * Runs operations unordered; answers how many documents they found. Two upserts of one new document at the same time: one of them fails as a duplicate and is run again, when
   * the document is there (https://www.mongodb.com/docs/manual/reference/method/db.collection.update/#upsert-with-duplicate-values).
   */
  async run<T extends Keyed>(
    collection: Collection<T>,
    operations: readonly AnyBulkWriteOperation<T>[],
  ): Promise<number> {
    let matched = 0;
    for (let i = 0; i < operations.length; i += UPDATES_AT_ONCE) {
      const slice = operations.slice(i, i + UPDATES_AT_ONCE);
      const request = this.#before.then(() => bulkOnce(collection, slice, MAX_TRIES));
      this.#before = request.catch(() => undefined);
      matched += await request;
    }
    return matched;
  }
}

async function bulkOnce<T extends Keyed>(
  collection: Collection<T>,
  operations: AnyBulkWriteOperation<T>[],
  tries: number,
): Promise<number> {
  try {
    return (await collection.bulkWrite(operations, { ordered: false })).matchedCount;
  } catch (error) {
    const duplicates = duplicatesOf(error);
    if (!(error instanceof MongoBulkWriteError) || !duplicates || tries <= 1) throw error;
    const again = duplicates.flatMap((index) => operations[index] ?? []);
    return error.matchedCount + (await bulkOnce(collection, again, tries - 1));
  }
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
