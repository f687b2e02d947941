import { setTimeout as wait } from 'node:timers/promises';

import type { Bus } from '@seatrial/bus';
import { AuditRecord, ROOT, STREAMS, type Domain } from '@seatrial/contracts';

import type { ServiceLog } from '../logging/service-log.ts';

/** Where the records of settled commands are kept for good: the audit log of an archive. Appending a record twice must change nothing. */
export interface AuditLogStore {
  append(
    entries: readonly {
      /** Id of the command. */
      readonly id: string;
      /** Epoch ms. */
      readonly at: number;
      readonly actor: string;
      readonly subject: string;
      readonly document: Readonly<Record<string, unknown>>;
    }[],
  ): Promise<void>;
}

/** How far the stream was kept: the sequence of the last record. */
export interface KeptPosition {
  read(): Promise<number | undefined>;
  write(sequence: number): Promise<void>;
}

/** Parts of an `AuditLogKeeper`. */
export interface AuditLogKeeperParts {
  readonly bus: Pick<Bus, 'readRaw'>;
  readonly domain: Domain;
  readonly store: AuditLogStore;
  readonly position: KeptPosition;
  readonly log: ServiceLog;
  /** Pause before what failed is tried again, ms. @default 1_000 */
  readonly againMs?: number;
}

/** Copies the audit records of one domain, in their order, from the stream (which keeps them 90 days) to the archive. */
export class AuditLogKeeper {
  readonly #parts: AuditLogKeeperParts;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: AuditLogKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Whatever fails (a full archive, a lost bus) is tried again from the last kept record on: the stream has them all. */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let told = false;
    while (!signal.aborted) {
      try {
        await this.#copy(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!told) this.#parts.log.warn({ err: error }, 'audit records wait in their stream until they can be kept');
        told = true;
      }
      await wait(this.#parts.againMs ?? 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #copy(signal: AbortSignal): Promise<void> {
    const { bus, domain, store, position } = this.#parts;
    const last = await position.read();
    const filter = `${ROOT}.aud.v1.${domain}.>`;
    const from = last === undefined ? 'all' : { sequence: last + 1 };
    for await (const { data, sequence } of bus.readRaw(STREAMS.aud, { filter, from, follow: true, signal })) {
      const parsed = AuditRecord.safeParse(JSON.parse(Buffer.from(data).toString('utf8')));
      // The bus itself writes them; what is no record is not ours to keep.
      if (parsed.success) await store.append([entryOf(parsed.data)]);
      if (sequence !== undefined) await position.write(sequence);
    }
  }
}

function entryOf(record: AuditRecord): Parameters<AuditLogStore['append']>[0][number] {
  const { commandId, at, actor, subject } = record;
  return { id: commandId, at: Date.parse(at), actor, subject, document: { ...record } };
}
