import type { Session } from '../session.ts';
import type { Progress, Step } from './progress.ts';
import { progressText } from './text.ts';

/** A log does not want more. Tasks that end sooner print nothing. */
const EVERY_MS = 10_000;

/** A line every ten seconds: for logs and pipes. */
export function plainProgress(task: string, { err, now }: Session): Progress {
  const started = now();
  let latest: Step = { done: 0, unit: '' };
  const timer = setInterval(() => err(`${task}  ${progressText(latest, now() - started)}\n`), EVERY_MS);
  timer.unref();
  return {
    update: (step) => {
      latest = step;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
