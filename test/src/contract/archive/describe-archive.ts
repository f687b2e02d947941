import type { Archive, ArchiveOptions } from '@seatrial/archive';
import { describe } from 'vitest';

import { describeLifecycle } from './lifecycle.contract.ts';
import { describeRecords } from './records.contract.ts';
import { describeRetention } from './retention.contract.ts';
import { describeSamples } from './samples.contract.ts';
import { describeTiers } from './tiers.contract.ts';

/** A database of its own, empty at first; removed when disposed. */
export interface FreshArchive extends AsyncDisposable {
  readonly archive: Archive;
  /** Closes and opens the same database again. */
  reopen(): Promise<Archive>;
}

export type OpenFresh = (options?: ArchiveOptions) => Promise<FreshArchive>;

/** How much a database is asked to do: the same promises, fewer rounds where it is slow. */
export interface Effort {
  /** Rounds of each property. */
  readonly runs: number;
  /** Why this database cannot be had here; its tests are then listed as skipped. */
  readonly missing?: string | undefined;
}

/** Every promise of the port, against one kind of database. */
export function describeArchive(name: string, fresh: OpenFresh, effort: Effort): void {
  describe.skipIf(effort.missing !== undefined)(
    `${name}${effort.missing === undefined ? '' : ` (skipped: ${effort.missing})`}`,
    () => {
      describeSamples(fresh);
      describeTiers(fresh, effort);
      describeRetention(fresh);
      describeRecords(fresh, effort);
      describeLifecycle(fresh);
    },
  );
}
