import { createHash, randomUUID } from 'node:crypto';

import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';

import type { DirtyFilter, DirtyWindow, HourOf, RolledWindow, SampleStore, UpperTier } from '../core/store.ts';
import { ArchiveCorrupt } from '../errors.ts';
import { FIVES, type DirectSlots, type Fives, type HourSlot, type Minutes } from '../samples/roll-up.ts';
import {
  canonicalAttributes,
  seriesKey,
  type DirectSample,
  type Mid,
  type NativeRow,
  type Series,
} from '../samples/rows.ts';
import { dayOf, FIVE_MS, HOUR_MS, hourOf, monthOf } from '../samples/tiers.ts';
import { BulkUpdates, deleteOldest, insertMissing, type Keyed } from './bulk.ts';
import {
  directOfDocument,
  emptyDay,
  fivesChange,
  fivesOfDocument,
  hourChange,
  hourId,
  hoursOfDocument,
  minutesDocument,
  minutesOfDocument,
  nativeDocument,
  nativeRow,
  slotsId,
  type MinutesDocument,
  type NativeDocument,
  type SlotChange,
  type SlotsDocument,
} from './documents.ts';

interface SeriesDocument extends Keyed {
  readonly metric: string;
  /** Canonical JSON: attribute names hold dots. */
  readonly attributes: string;
}
interface DirtyDocument extends Keyed, DirtyWindow {}
interface MetaDocument extends Keyed {
  readonly value: number;
}

const NATIVE = 'samples_native_';
/** Series that are asked for by name; above, all of a resource are read and sorted out here. */
const MAX_NAMED = 100;

/**
 * Samples in ordinary documents: inserts, `$set`, `$max` and `$min` only, each of which may be repeated. No `$inc`, `$avg`, transactions, time-series or change streams, so
 * FerretDB takes it too. Marks are written after the samples and before the acknowledgement: a crash in between leads to a redelivery, which marks.
 */
export class MongoSamples implements SampleStore {
  readonly #db: Db;
  readonly #series: Collection<SeriesDocument>;
  readonly #dirty: Collection<DirtyDocument>;
  readonly #meta: Collection<MetaDocument>;
  readonly #minutes: Collection<MinutesDocument>;
  readonly #fives: Collection<SlotsDocument>;
  readonly #hours: Collection<SlotsDocument>;
  readonly #updates = new BulkUpdates();
  readonly #known = new Map<string, string>();

  constructor(db: Db) {
    this.#db = db;
    this.#series = db.collection('series');
    this.#dirty = db.collection('dirty');
    this.#meta = db.collection('meta');
    this.#minutes = db.collection('samples_60s');
    this.#fives = db.collection('samples_5m');
    this.#hours = db.collection('samples_1h');
  }

  async prepare(): Promise<void> {
    await this.#series.createIndex({ metric: 1 });
    await this.#dirty.createIndex({ h: 1 });
    await this.#dirty.createIndex({ r: 1, h: 1 });
    await this.#minutes.createIndex({ h: 1 });
    for (const slots of [this.#fives, this.#hours]) {
      await slots.createIndex({ w: 1 });
      await slots.createIndex({ r: 1, w: 1 });
    }
  }

  /** Ids are hashes, so that several writers agree without asking each other. */
  async resolve(series: readonly Series[]): Promise<Mid[]> {
    const missing = series.filter((s) => !this.#known.has(seriesKey(s)));
    const documents = missing.map((s): SeriesDocument => ({
      _id: hashOf(s),
      metric: s.metric,
      attributes: canonicalAttributes(s.attributes),
    }));
    if (documents.length > 0) await this.#addSeries(documents);
    for (const s of missing) this.#known.set(seriesKey(s), hashOf(s));
    return series.map(hashOf);
  }

  async seriesOf(metrics: readonly string[] | undefined): Promise<ReadonlyMap<Mid, Series>> {
    const found = await this.#series.find(metrics ? { metric: { $in: [...metrics] } } : {}).toArray();
    return new Map(
      found.map(({ _id, metric, attributes }) => [
        _id,
        { metric, attributes: JSON.parse(attributes) as Record<string, string> },
      ]),
    );
  }

  async putSamples(native: readonly NativeRow[], direct: readonly DirectSample[]): Promise<number> {
    let added = 0;
    for (const [hour, rows] of Map.groupBy(native, (row) => hourOf(row.t))) {
      const collection = this.#native(hour);
      const documents = rows.map(nativeDocument);
      const present = await insertMissing(collection, documents);
      added += documents.length - present.length;
      await this.#updates.run(collection, present.map(mergeInto));
    }
    if (direct.length > 0) await this.#putDirect(direct);
    await this.#mark([
      ...native.map((row) => hourId(row.r, hourOf(row.t))),
      ...direct.map((d) => hourId(d.r, hourOf(d.slot))),
    ]);
    return added;
  }

  async nativeHours(): Promise<number[]> {
    const collections = await this.#db.listCollections({}, { nameOnly: true }).toArray();
    const hours = collections.flatMap(({ name }) =>
      name.startsWith(NATIVE) ? [Number(name.slice(NATIVE.length))] : [],
    );
    return hours.toSorted((a, b) => a - b);
  }

  async readNative(resource: string, hour: number): Promise<NativeRow[]> {
    const found = await this.#native(hour)
      .find({ r: resource, _id: { $gte: hourId(resource, hour), $lt: hourId(resource, hour + HOUR_MS) } })
      .toArray();
    return found.map(nativeRow);
  }

  async horizon(): Promise<number> {
    return (await this.#meta.findOne({ _id: 'horizon' }))?.value ?? 0;
  }

  async dropNativeHour(hour: number): Promise<void> {
    await this.#meta.updateOne({ _id: 'horizon' }, { $max: { value: hour + HOUR_MS } }, { upsert: true });
    await this.#native(hour).drop();
  }

  async dirty({
    resource,
    fromHour = 0,
    toHour = Number.MAX_SAFE_INTEGER,
    limit,
  }: DirtyFilter): Promise<DirtyWindow[]> {
    const cursor = this.#dirty
      .find({ ...(resource !== undefined && { r: resource }), h: { $gte: fromHour, $lt: toHour } })
      .sort({ h: 1, _id: 1 });
    return (limit === undefined ? cursor : cursor.limit(limit)).toArray();
  }

  async clean(windows: readonly DirtyWindow[]): Promise<void> {
    await this.#updates.run(
      this.#dirty,
      windows.map(({ r, h, token }) => ({ deleteOne: { filter: { _id: hourId(r, h), token } } })),
    );
  }

  async putRolled(windows: readonly RolledWindow[]): Promise<void> {
    const minutes = windows.flatMap((window) => minutesDocument(window) ?? []);
    await this.#updates.run(
      this.#minutes,
      minutes.map(({ _id, ...replacement }) => ({ replaceOne: { filter: { _id }, replacement, upsert: true } })),
    );
    const each = <T>(part: (window: RolledWindow) => T[]): T[] => windows.flatMap(part);
    await this.#setSlots(
      this.#fives,
      each(({ r, h, series }) => series.flatMap(({ mid, fives }) => (fives ? [fivesChange(r, h, mid, fives)] : []))),
    );
    await this.#setSlots(
      this.#hours,
      each(({ r, h, series }) => series.flatMap((s) => (s.hour ? [hourChange(r, h, s, s.hour)] : []))),
    );
  }

  async readMinutes(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Minutes>[]> {
    const named = mids && mids.size > 0 && mids.size <= MAX_NAMED ? [...mids] : undefined;
    const projection =
      named &&
      Object.fromEntries(
        ['h', ...named.flatMap((mid) => [`m.${mid}`, `n.${mid}`, `iv.${mid}`])].map((name) => [name, 1]),
      );
    const found = this.#minutes.find(
      { r: resource, _id: { $gte: hourId(resource, from), $lt: hourId(resource, to) } },
      projection ? { projection } : {},
    );
    return (await found.toArray()).flatMap(minutesOfDocument).filter(({ mid }) => mids?.has(mid) ?? true);
  }

  async readFives(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Fives>[]> {
    return (await this.#slots(this.#fives, resource, dayOf(from), to, mids)).flatMap((d) =>
      fivesOfDocument(d, from, to),
    );
  }

  async readDirect(
    resource: string,
    from: number,
    to: number,
    mids?: ReadonlySet<Mid>,
  ): Promise<HourOf<DirectSlots>[]> {
    return (await this.#slots(this.#fives, resource, dayOf(from), to, mids)).flatMap((d) =>
      directOfDocument(d, from, to),
    );
  }

  async readHours(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<HourSlot>[]> {
    return (await this.#slots(this.#hours, resource, monthOf(from), to, mids)).flatMap((d) =>
      hoursOfDocument(d, from, to),
    );
  }

  deleteTier(tier: UpperTier, before: number, limit: number): Promise<number> {
    if (tier === 'minutes') return deleteOldest(this.#minutes, { h: { $lt: before } }, 'h', limit);
    return deleteOldest(tier === 'fives' ? this.#fives : this.#hours, { w: { $lt: before } }, 'w', limit);
  }

  #native(hour: number): Collection<NativeDocument> {
    return this.#db.collection<NativeDocument>(`${NATIVE}${hour}`);
  }

  async #addSeries(documents: readonly SeriesDocument[]): Promise<void> {
    for (const mine of await insertMissing(this.#series, documents)) {
      const stored = await this.#series.findOne({ _id: mine._id });
      if (stored?.metric !== mine.metric || stored.attributes !== mine.attributes)
        throw new ArchiveCorrupt(`series ${mine.metric} and ${stored?.metric} have the same short id ${mine._id}`);
    }
  }

  async #slots(
    collection: Collection<SlotsDocument>,
    r: string,
    from: number,
    to: number,
    mids?: ReadonlySet<Mid>,
  ): Promise<SlotsDocument[]> {
    const named = mids && mids.size <= MAX_NAMED;
    const found = await collection
      .find({ r, w: { $gte: from, $lt: to }, ...(named && { s: { $in: [...mids].map(String) } }) })
      .toArray();
    return named || !mids ? found : found.filter((d) => mids.has(d.s));
  }

  async #putDirect(direct: readonly DirectSample[]): Promise<void> {
    const days = new Map(direct.map((d) => [slotsId(d.r, d.mid, dayOf(d.slot)), emptyDay(d.r, d.mid, d.slot)]));
    await insertMissing(this.#fives, [...days.values()]);
    const room = {
      direct: Array.from({ length: 24 * FIVES }, () => null),
      directIv: Array.from({ length: 24 }, () => null),
    };
    await this.#updates.run(
      this.#fives,
      [...days.keys()].map((_id) => ({
        updateOne: { filter: { _id, direct: { $exists: false } }, update: { $set: room } },
      })),
    );
    await this.#updates.run(
      this.#fives,
      direct.flatMap(({ r, mid, slot, iv, value }): AnyBulkWriteOperation<SlotsDocument>[] => {
        const w = dayOf(slot);
        const hour = Math.floor((slot - w) / HOUR_MS);
        const _id = slotsId(r, mid, w);
        return [
          { updateOne: { filter: { _id }, update: { $max: { [`direct.${(slot - w) / FIVE_MS}`]: value } } } },
          // Null sorts below every number, so `$min` alone would keep it.
          {
            updateOne: {
              filter: { _id, $or: [{ [`directIv.${hour}`]: null }, { [`directIv.${hour}`]: { $gt: iv } }] },
              update: { $set: { [`directIv.${hour}`]: iv } },
            },
          },
        ];
      }),
    );
  }

  /** A new token each time: a roll-up under way must not take this mark away. */
  async #mark(ids: readonly string[]): Promise<void> {
    await this.#updates.run(
      this.#dirty,
      [...new Set(ids)].map((_id) => {
        const at = _id.lastIndexOf('@');
        return {
          updateOne: {
            filter: { _id },
            update: { $set: { r: _id.slice(0, at), h: Number(_id.slice(at + 1)), token: randomUUID() } },
            upsert: true,
          },
        };
      }),
    );
  }

  /** Sets slots; documents that do not exist yet are made empty first. */
  async #setSlots(collection: Collection<SlotsDocument>, changes: readonly SlotChange[]): Promise<void> {
    const operations = changes.map(({ empty, set }): AnyBulkWriteOperation<SlotsDocument> => ({
      updateOne: { filter: { _id: empty._id }, update: { $set: set } },
    }));
    if ((await this.#updates.run(collection, operations)) === changes.length) return;
    await insertMissing(collection, [...new Map(changes.map(({ empty }) => [empty._id, empty])).values()]);
    await this.#updates.run(collection, operations);
  }
}

/** 66 bits: with a million series a clash has a chance of 1 in 10^8, and is noticed. */
const hashOf = (series: Series): string =>
  createHash('sha256').update(seriesKey(series)).digest('base64url').slice(0, 11);

/** Gives an existing row the values it lacks; of two values the larger counts. */
function mergeInto({ _id, iv, m }: NativeDocument): AnyBulkWriteOperation<NativeDocument> {
  const values = Object.fromEntries(Object.entries(m).map(([mid, value]) => [`m.${mid}`, value]));
  return { updateOne: { filter: { _id }, update: { $max: values, $min: { iv } } } };
}
