import { fit } from '@seatrial/report';

import type { Session } from '../session.ts';
import type { Progress, Step } from './progress.ts';
import { progressText } from './text.ts';

/** At most four redraws a second. */
const REDRAW_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

/** One line that is redrawn, and gone when the task ends: for a terminal. */
export function lineProgress(task: string, { err, errWidth, now }: Session): Progress {
  const started = now();
  let latest: Step = { done: 0, unit: '' };
  const draw = (): void => err(CLEAR_LINE + fit(`${task}  ${progressText(latest, now() - started)}`, errWidth - 1));
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    update: (step) => {
      latest = step;
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      err(CLEAR_LINE);
    },
  };
}
