import type { Severity } from '@seatrial/contracts';

/** What the command line of `up` said. */
export interface UpOptions {
  readonly detach: boolean;
  readonly once: boolean;
  readonly yes: boolean;
  readonly noInstall: boolean;
  readonly keep: boolean;
  readonly demo: boolean;
  readonly failOn: Severity | undefined;
  readonly json: boolean;
}
