import { EXIT } from '@seatrial/contracts';
import { toJsonText, wrap, type Paint, type Tone } from '@seatrial/report';
import { layoutOf } from '../layout.ts';
import type { Session } from '../session.ts';
import type { CheckResult } from './check.ts';
import { examine } from './gather.ts';
import { planeFact } from './plane-fact.ts';

export interface DoctorOptions {
  readonly json: boolean;
  readonly paint: Paint;
}

const TONES: Readonly<Record<CheckResult['status'], Tone>> = { ok: 'good', warn: 'warn', fail: 'bad' };

/** `doctor`: looks at everything that `up` and the tests need, and says how to mend what is missing. @returns 1 when something fails */
export async function run(options: DoctorOptions, session: Session): Promise<number> {
  const layout = layoutOf(session.env);
  const checks = await examine(layout, session.env, await planeFact(layout, session));
  const summary = { ok: 0, warn: 0, fail: 0 };
  for (const { status } of checks) summary[status] += 1;
  if (options.json) session.out(`${toJsonText({ checks, summary })}\n`);
  else
    session.out(
      `${[...checks.flatMap((check) => rows(check, options.paint)), '', `${summary.ok} ok, ${summary.warn} to know, ${summary.fail} to mend`].join('\n')}\n`,
    );
  return summary.fail > 0 ? EXIT.failed : EXIT.ok;
}

function rows({ id, status, detail, fix }: CheckResult, paint: Paint): string[] {
  const [first = '', ...more] = wrap(detail, 60);
  const indent = ' '.repeat(19);
  return [
    `${paint(status.padEnd(4), TONES[status])}  ${id.padEnd(11)}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(fix === undefined ? [] : [`${indent}fix: ${fix}`]),
  ];
}
