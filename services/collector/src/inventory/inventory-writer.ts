import type { Bucket, Bus } from '@seatrial/bus';
import {
  Inventory,
  ResourceChanged,
  ResourceSynced,
  SeatrialError,
  type ResourceKind,
  type ResourceRecord,
  type SourceKind,
} from '@seatrial/contracts';
import { changeOf, diffInventory, inventoryKey, type ResourceDraft } from '@seatrial/estate';
import type { ServiceLog } from '@seatrial/service';

import { inParallel } from './in-parallel.ts';
import { messagesOf, type Told } from './change-messages.ts';

type Writes = Pick<Bucket<ResourceRecord>, 'entries' | 'create' | 'update' | 'delete'>;

interface Known {
  readonly record: ResourceRecord;
  /** Revision in the bucket. */
  readonly revision: number;
}

/**
 * Writes the inventory of one target and tells what changed. Only the holder of the target's lease has one. Every write expects the revision this writer knows, so a
 * poller that was replaced without noticing (stopped and continued) fails with RevisionConflict instead of writing over its successor.
 */
export class InventoryWriter {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #bucket: Writes;
  readonly #log: Pick<ServiceLog, 'warn'>;
  readonly #scope: { readonly src: SourceKind; readonly tgt: string };
  readonly #known = new Map<string, Known>();

  private constructor(
    bus: Pick<Bus, 'publish' | 'bucket'>,
    log: Pick<ServiceLog, 'warn'>,
    scope: { readonly src: SourceKind; readonly tgt: string },
  ) {
    this.#bus = bus;
    this.#bucket = bus.bucket(Inventory);
    this.#log = log;
    this.#scope = scope;
  }

  /** Reads what the bus knows of the target. */
  static async open(
    bus: Pick<Bus, 'publish' | 'bucket'>,
    log: Pick<ServiceLog, 'warn'>,
    scope: { readonly src: SourceKind; readonly tgt: string },
  ): Promise<InventoryWriter> {
    const writer = new InventoryWriter(bus, log, scope);
    for (const { value: record, revision } of await writer.#bucket.entries({ filter: `${scope.tgt}.>` }))
      writer.#known.set(record.id, { record, revision });
    return writer;
  }

  /** Objects by kind. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { record } of this.#known.values()) counts[record.kind] = (counts[record.kind] ?? 0) + 1;
    return counts;
  }

  /** Takes a complete listing: writes what is new or differs, removes what is gone, then says so. */
  async sync(shown: readonly ResourceDraft[], reason: 'start' | 'reconnect' | 'periodic'): Promise<void> {
    const at = new Date().toISOString();
    const removed = await this.#take(shown, [...this.#known.values()], at);
    await this.#bus.publish(ResourceSynced, { ...this.#scope, reason, counts: this.counts, removed, at });
  }

  /** Takes a complete listing of one kind. */
  async syncKind(kind: ResourceKind, shown: readonly ResourceDraft[]): Promise<void> {
    const known = [...this.#known.values()].filter(({ record }) => record.kind === kind);
    await this.#take(shown, known, new Date().toISOString());
  }

  /** Takes one object as it is now. */
  async put(draft: ResourceDraft): Promise<void> {
    const known = this.#known.get(draft.id);
    await this.#take([draft], known === undefined ? [] : [known], new Date().toISOString());
  }

  /** Takes that an object is gone. An unknown one is no error. */
  async remove(id: string): Promise<void> {
    const known = this.#known.get(id);
    if (known !== undefined) await this.#take([], [known], new Date().toISOString());
  }

  /** Takes that the whole target is watched no more. */
  async clear(): Promise<void> {
    await this.#take([], [...this.#known.values()], new Date().toISOString());
  }

  /** Brings `known` to what is `shown`. Returns the number of removed objects. */
  async #take(shown: readonly ResourceDraft[], known: readonly Known[], at: string): Promise<number> {
    const before = new Map(known.map(({ record }) => [record.id, record]));
    const { added, modified, removed } = diffInventory(before, shown, at);
    const told = await inParallel([
      ...added.map((after) => () => this.#write('added', undefined, after, [])),
      ...modified.map(
        ({ before: old, after, changed }) =>
          () =>
            this.#write('modified', old, after, changed),
      ),
      ...removed.map((old) => () => this.#remove(old)),
    ]);
    for (const changes of messagesOf(told.filter((each) => each !== undefined)))
      await this.#bus.publish(
        ResourceChanged,
        { ...this.#scope, ...changes },
        { ...(changes.changes[0] !== undefined && subjectOf(changes.changes[0].id)) },
      );
    return removed.length;
  }

  async #write(
    op: 'added' | 'modified',
    before: ResourceRecord | undefined,
    after: ResourceRecord,
    changed: readonly string[],
  ): Promise<Told | undefined> {
    const key = inventoryKey(after);
    const known = this.#known.get(after.id);
    try {
      const revision =
        known === undefined
          ? await this.#bucket.create(key, after)
          : await this.#bucket.update(key, after, known.revision);
      this.#known.set(after.id, { record: after, revision });
      return { kind: after.kind, change: changeOf(op, { ...(before && { before }), after }, revision, changed) };
    } catch (error) {
      // An object that no record can hold (a name of 300 characters) is left out; the others go on.
      if (!isMisfit(error)) throw error;
      this.#log.warn({ err: error, resource: after.id.slice(0, 200) }, 'an object does not fit the inventory');
      return undefined;
    }
  }

  async #remove(before: ResourceRecord): Promise<Told> {
    await this.#bucket.delete(inventoryKey(before), this.#known.get(before.id)?.revision);
    this.#known.delete(before.id);
    return { kind: before.kind, change: changeOf('removed', { before }, 0) };
  }
}

/** Header fields take 256 characters; ids may have more. */
export function subjectOf(resource: string): { readonly subject?: string } {
  return resource.length <= 256 ? { subject: resource } : {};
}

/** True when the message itself is at fault, so that no other try can succeed. */
export function isMisfit(error: unknown): boolean {
  return (
    error instanceof SeatrialError &&
    ['E-CONTRACT-PAYLOAD', 'E-BUS-PAYLOAD-TOO-LARGE', 'E-BUS-CONFIG'].includes(error.code)
  );
}
