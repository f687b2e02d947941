import type { Bus } from '@seatrial/bus';
import type { SeatrialError } from '@seatrial/contracts';
import type { DockerEngine } from '@seatrial/docker';
import type { HostRootOptions } from '@seatrial/host';
import type { ServiceLog } from '@seatrial/service';

import type { InventoryWriter } from '../inventory/inventory-writer.ts';
import type { BatchPublisher } from '../sampling/batch-publisher.ts';
import type { CycleCounts } from '../sampling/cycle-counts.ts';
import type { LocalHost } from './engine-facts.ts';
import type { EventPosition } from './event-position.ts';
import type { GapLog } from './gap-log.ts';
import type { TargetBoard } from './target-board.ts';

/** What a session works with. */
export interface SessionParts {
  readonly bus: Bus;
  readonly log: ServiceLog;
  readonly publisher: BatchPublisher;
  readonly cycles: CycleCounts;
  readonly engine: DockerEngine;
  readonly inventory: InventoryWriter;
  readonly board: TargetBoard;
  readonly position: EventPosition;
  readonly gaps: GapLog;
  /** Fencing token of the lease. */
  readonly fence: number;
  /** Why an engine with this identity is watched already; undefined when it is not. */
  readonly twin: (engineUuid: string) => SeatrialError | undefined;
}

/** How one engine is watched. */
export interface SessionOptions {
  /** Of the target. */
  readonly id: string;
  /** Given when the engine is reached through a socket of this machine. */
  readonly local: { readonly roots: HostRootOptions; readonly host: LocalHost | undefined } | undefined;
  readonly intervalS: number;
  readonly apiIntervalS: number;
  readonly resyncIntervalS: number;
}
