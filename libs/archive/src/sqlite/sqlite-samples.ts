import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as immediate } from 'node:timers/promises';

import type { DirtyFilter, DirtyWindow, HourOf, RolledWindow, SampleStore, UpperTier } from '../core/store.ts';
import { emptyDirect, FIVES, type DirectSlots, type Fives, type HourSlot, type Minutes } from '../samples/roll-up.ts';
import {
  canonicalAttributes,
  mergeValues,
  seriesKey,
  type DirectSample,
  type Mid,
  type NativeRow,
  type Series,
} from '../samples/rows.ts';
import { FIVE_MS, HOUR_MS, hourOf } from '../samples/tiers.ts';
import { decodeFives, decodeMinutes, decodeValues, encodeFives, encodeMinutes, encodeValues } from './blobs.ts';
import type { GroupCommit } from './group-commit.ts';
import { createNativeTable, nativeHours, nativeTable } from './schema.ts';

type Row = Record<string, unknown>;

/** Samples on node:sqlite; blocks its thread, so it runs in a worker. Reads give way to waiting writes before each slice. */
export class SqliteSamples implements SampleStore {
  readonly #db: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #statements = new Map<string, StatementSync>();
  /** Ids that are committed. */
  readonly #series = new Map<string, number>();

  constructor(db: DatabaseSync, commits: GroupCommit) {
    this.#db = db;
    this.#commits = commits;
  }

  async resolve(series: readonly Series[]): Promise<Mid[]> {
    const missing = series.filter((s) => !this.#series.has(seriesKey(s)));
    if (missing.length > 0) {
      const made = await this.#commits.run(() =>
        missing.map((s): [string, number] => {
          const [metric, attributes] = [s.metric, canonicalAttributes(s.attributes)];
          this.#sql('INSERT OR IGNORE INTO series (metric, attributes) VALUES (?, ?)').run(metric, attributes);
          return [
            seriesKey(s),
            Number(
              this.#sql('SELECT id FROM series WHERE metric = ? AND attributes = ?').get(metric, attributes)?.['id'],
            ),
          ];
        }),
      );
      for (const [key, id] of made) this.#series.set(key, id);
    }
    return series.map((s) => this.#series.get(seriesKey(s)) ?? Number.NaN);
  }

  async seriesOf(metrics: readonly string[] | undefined): Promise<ReadonlyMap<Mid, Series>> {
    const where = metrics ? ' WHERE metric IN (SELECT value FROM json_each(?))' : '';
    const rows = this.#sql(`SELECT id, metric, attributes FROM series${where}`).all(
      ...(metrics ? [JSON.stringify(metrics)] : []),
    );
    return new Map(
      rows.map((row) => [
        Number(row['id']),
        { metric: String(row['metric']), attributes: JSON.parse(String(row['attributes'])) as Record<string, string> },
      ]),
    );
  }

  putSamples(native: readonly NativeRow[], direct: readonly DirectSample[]): Promise<number> {
    return this.#commits.run(() => {
      const ids = this.#makeResources([...native, ...direct].map((row) => row.r));
      const dirty = new Map<string, [number, number]>();
      const mark = (r: number, h: number): unknown => dirty.set(`${r}@${h}`, [h, r]);
      for (const hour of new Set(native.map((row) => hourOf(row.t)))) this.#db.exec(createNativeTable(hour));
      let added = 0;
      for (const row of native) {
        const r = ids.get(row.r) ?? Number.NaN;
        const outcome = this.#putRow(r, row);
        if (outcome === 'added') added++;
        if (outcome !== 'same') mark(r, hourOf(row.t));
      }
      for (const sample of direct) {
        const r = ids.get(sample.r) ?? Number.NaN;
        const sql = `INSERT INTO direct (r, s, t, iv, value) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, iv = min(iv, excluded.iv) WHERE excluded.value > value`;
        if (this.#sql(sql).run(r, sample.mid, sample.slot, sample.iv, sample.value).changes > 0)
          mark(r, hourOf(sample.slot));
      }
      for (const [h, r] of dirty.values())
        this.#sql('INSERT INTO dirty (h, r, token) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET token = token + 1').run(
          h,
          r,
        );
      return added;
    });
  }

  async nativeHours(): Promise<number[]> {
    return nativeHours(this.#db);
  }

  async readNative(resource: string, hour: number): Promise<NativeRow[]> {
    await immediate();
    const r = this.#resource(resource);
    if (r === undefined || !nativeHours(this.#db).includes(hour)) return [];
    const rows = this.#db.prepare(`SELECT t, f, iv, vals FROM ${nativeTable(hour)} WHERE r = ? ORDER BY t, f`).all(r);
    return rows.map((row) => ({
      r: resource,
      t: Number(row['t']),
      f: Number(row['f']),
      iv: Number(row['iv']),
      values: decodeValues(row['vals'] as Uint8Array),
    }));
  }

  async horizon(): Promise<number> {
    return Number(this.#sql(`SELECT value FROM meta WHERE key = 'horizon'`).get()?.['value'] ?? 0);
  }

  dropNativeHour(hour: number): Promise<void> {
    return this.#commits.run(() => {
      const sql = `INSERT INTO meta (key, value) VALUES ('horizon', ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)`;
      this.#sql(sql).run(hour + HOUR_MS);
      this.#db.exec(`DROP TABLE IF EXISTS ${nativeTable(hour)}`);
    });
  }

  async dirty({
    resource,
    fromHour = 0,
    toHour = Number.MAX_SAFE_INTEGER,
    limit = -1,
  }: DirtyFilter): Promise<DirtyWindow[]> {
    await immediate();
    const one = resource === undefined ? '' : ' AND name = ?';
    const sql = `SELECT name, h, token FROM dirty JOIN resources ON id = r WHERE h >= ? AND h < ?${one} ORDER BY h, r LIMIT ?`;
    const rows = this.#sql(sql).all(fromHour, toHour, ...(resource === undefined ? [] : [resource]), limit);
    return rows.map((row) => ({ r: String(row['name']), h: Number(row['h']), token: Number(row['token']) }));
  }

  clean(windows: readonly DirtyWindow[]): Promise<void> {
    return this.#commits.run(() => {
      const sql = this.#sql(
        'DELETE FROM dirty WHERE h = ? AND r = (SELECT id FROM resources WHERE name = ?) AND token = ?',
      );
      for (const { r, h, token } of windows) sql.run(h, r, token);
    });
  }

  putRolled(windows: readonly RolledWindow[]): Promise<void> {
    return this.#commits.run(() => {
      const ids = this.#makeResources(windows.map((w) => w.r));
      for (const window of windows) this.#putWindow(ids.get(window.r) ?? Number.NaN, window);
    });
  }

  readMinutes(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Minutes>[]> {
    return this.#hoursOf('minutes', 'h', resource, from, to, mids, (row) =>
      decodeMinutes(row['slots'] as Uint8Array, Number(row['iv'])),
    );
  }

  readFives(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Fives>[]> {
    return this.#hoursOf('fives', 'h', resource, from, to, mids, (row) =>
      decodeFives(row['slots'] as Uint8Array, Number(row['iv'])),
    );
  }

  readHours(resource: string, from: number, to: number, mids?: ReadonlySet<Mid>): Promise<HourOf<HourSlot>[]> {
    const slot = (row: Row): HourSlot => ({
      iv: Number(row['iv']),
      min: Number(row['min']),
      max: Number(row['max']),
      sum: Number(row['sum']),
      cnt: Number(row['cnt']),
    });
    return this.#hoursOf('hours', 'h', resource, from, to, mids, slot);
  }

  async readDirect(
    resource: string,
    from: number,
    to: number,
    mids?: ReadonlySet<Mid>,
  ): Promise<HourOf<DirectSlots>[]> {
    const hours = new Map<string, HourOf<DirectSlots>>();
    const rows = await this.#hoursOf('direct', 't', resource, from, to, mids, (row) => ({
      iv: Number(row['iv']),
      value: Number(row['value']),
    }));
    for (const { mid, h: t, value } of rows) {
      const h = hourOf(t);
      const key = `${mid}@${h}`;
      const { iv, value: slots } = hours.get(key)?.value ?? emptyDirect();
      slots[Math.floor((t - h) / FIVE_MS) % FIVES] = value.value;
      hours.set(key, { mid, h, value: { iv: Math.min(iv, value.iv), value: slots } });
    }
    return [...hours.values()];
  }

  deleteTier(tier: UpperTier, before: number, limit: number): Promise<number> {
    return this.#commits.run(() => {
      const oldest = (table: string, h: string, most: number): number => {
        const rows = this.#sql(`SELECT r, s, ${h} AS h FROM ${table} WHERE ${h} < ? ORDER BY ${h} LIMIT ?`).all(
          before,
          most,
        );
        for (const row of rows)
          this.#sql(`DELETE FROM ${table} WHERE r = ? AND s = ? AND ${h} = ?`).run(
            row['r'] as SQLInputValue,
            row['s'] as SQLInputValue,
            row['h'] as SQLInputValue,
          );
        return rows.length;
      };
      const gone = oldest(tier, 'h', limit);
      return tier === 'fives' && gone < limit ? gone + oldest('direct', 't', limit - gone) : gone;
    });
  }

  /** Adds a row, or the values it lacks. */
  #putRow(r: number, row: NativeRow): 'added' | 'changed' | 'same' {
    const table = nativeTable(hourOf(row.t));
    if (
      this.#sql(`INSERT INTO ${table} (r, t, f, iv, vals) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`).run(
        r,
        row.t,
        row.f,
        row.iv,
        encodeValues(row.values),
      ).changes > 0
    )
      return 'added';
    const stored = this.#sql(`SELECT iv, vals FROM ${table} WHERE r = ? AND t = ? AND f = ?`).get(r, row.t, row.f);
    const [iv, values] = [Number(stored?.['iv']), decodeValues(stored?.['vals'] as Uint8Array)];
    let changed = row.iv < iv;
    for (const [mid, value] of row.values) {
      const before = values.get(mid);
      const after = before === undefined ? value : mergeValues(before, value);
      if (after !== before) changed = true;
      values.set(mid, after);
    }
    if (!changed) return 'same';
    this.#sql(`UPDATE ${table} SET iv = ?, vals = ? WHERE r = ? AND t = ? AND f = ?`).run(
      Math.min(iv, row.iv),
      encodeValues(values),
      r,
      row.t,
      row.f,
    );
    return 'changed';
  }

  #putWindow(r: number, { h, series }: RolledWindow): void {
    for (const { mid, minutes, fives, hour } of series) {
      if (minutes)
        this.#sql('REPLACE INTO minutes (r, s, h, iv, slots) VALUES (?, ?, ?, ?, ?)').run(
          r,
          mid,
          h,
          minutes.iv,
          encodeMinutes(minutes),
        );
      if (fives)
        this.#sql('REPLACE INTO fives (r, s, h, iv, slots) VALUES (?, ?, ?, ?, ?)').run(
          r,
          mid,
          h,
          fives.iv,
          encodeFives(fives),
        );
      if (hour)
        this.#sql('REPLACE INTO hours (r, s, h, iv, min, max, sum, cnt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
          r,
          mid,
          h,
          hour.iv,
          hour.min,
          hour.max,
          hour.sum,
          hour.cnt,
        );
    }
  }

  async #hoursOf<T>(
    table: UpperTier | 'direct',
    h: 'h' | 't',
    resource: string,
    from: number,
    to: number,
    mids: ReadonlySet<Mid> | undefined,
    value: (row: Row) => T,
  ): Promise<HourOf<T>[]> {
    await immediate();
    const r = this.#resource(resource);
    if (r === undefined) return [];
    const some = mids ? ' AND s IN (SELECT value FROM json_each(?))' : '';
    const rows = this.#sql(`SELECT * FROM ${table} WHERE r = ?${some} AND ${h} >= ? AND ${h} < ? ORDER BY ${h}`).all(
      r,
      ...(mids ? [JSON.stringify([...mids])] : []),
      from,
      to,
    );
    return rows.map((row) => ({ mid: Number(row['s']), h: Number(row[h]), value: value(row) }));
  }

  #resource(name: string): number | undefined {
    const row = this.#sql('SELECT id FROM resources WHERE name = ?').get(name);
    return row && Number(row['id']);
  }

  /** Inside a job. Not cached: a job may be rolled back. */
  #makeResources(names: readonly string[]): Map<string, number> {
    const made = new Map<string, number>();
    for (const name of new Set(names)) {
      const known = this.#resource(name);
      made.set(name, known ?? Number(this.#sql('INSERT INTO resources (name) VALUES (?)').run(name).lastInsertRowid));
    }
    return made;
  }

  /** Prepared once; statements of native tables are few, as hours come and go slowly. */
  #sql(text: string): StatementSync {
    const statement = this.#statements.get(text) ?? this.#db.prepare(text);
    if (this.#statements.size > MAX_STATEMENTS) this.#statements.clear();
    this.#statements.set(text, statement);
    return statement;
  }
}

const MAX_STATEMENTS = 200;
