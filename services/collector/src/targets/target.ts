import type { HeldLease } from '@seatrial/bus';
import type { TargetState } from '@seatrial/contracts';

/** Something that is watched for as long as its lease is held. */
export interface Target {
  readonly id: string;
  readonly src: 'docker' | 'host';
  /** As it was told last by this process; undefined before it was polled here. */
  readonly state: TargetState | undefined;
  /** Runs until the lease is lost or the process stops. Faults of the source are handled inside; what it throws is a defect or a lost bus. */
  run(lease: HeldLease, signal: AbortSignal): Promise<void>;
}
