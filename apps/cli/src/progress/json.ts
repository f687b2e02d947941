import { toJsonText } from '@seatrial/report';

import type { Session } from '../session.ts';
import type { Progress } from './progress.ts';

/** One JSON object a line and a change: `{task, done, total, unit, phase}`; for programs. `total` is null while it is not known. */
export function jsonProgress(task: string, { err }: Session): Progress {
  let last = '';
  return {
    update: ({ done, total, unit, phase }) => {
      const line = `${toJsonText({ task, done, total: total ?? null, unit, phase: phase ?? null }, 0)}\n`;
      if (line !== last) err(line);
      last = line;
    },
    [Symbol.dispose]: () => {},
  };
}
