import type { Session } from '../session.ts';
import { jsonProgress } from './json.ts';
import { lineProgress } from './line.ts';
import { plainProgress } from './plain.ts';

/** Where a task is. */
export interface Step {
  readonly done: number;
  /** Absent while it is not known. */ readonly total?: number;
  /** What is counted: `containers`. */ readonly unit: string;
  /** What is being done: `waiting for the auditor`. */ readonly phase?: string;
}

/** Shows one task on stderr until it is disposed of; never writes to stdout. */
export interface Progress extends Disposable {
  update(step: Step): void;
}

/** How progress is shown, as `--progress` says it. */
export type ProgressMode = 'auto' | 'plain' | 'json' | 'none';

/** Starts showing a task. `auto` redraws one line on a terminal and is plain elsewhere. */
export function showProgress(task: string, mode: ProgressMode, session: Session): Progress {
  switch (mode) {
    case 'none':
      return { update: () => {}, [Symbol.dispose]: () => {} };
    case 'json':
      return jsonProgress(task, session);
    case 'plain':
      return plainProgress(task, session);
    case 'auto':
      return session.errIsTerminal && session.env.TERM !== 'dumb'
        ? lineProgress(task, session)
        : plainProgress(task, session);
  }
}
