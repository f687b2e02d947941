import { ERROR_CODES, EXIT } from '@seatrial/contracts';
import { pad, wrap } from '@seatrial/report';

/** One exit code and when a verb ends with it. */
export interface ExitCodeRow {
  readonly code: number;
  readonly meaning: string;
}

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, goal reached',
  failed: 'failed: the operation ran and failed',
  usage: 'wrong command line or bad file; nothing was sent',
  gate: 'a threshold or gate was not met (--fail-on)',
  notFound: 'not found',
  notAllowed: 'not allowed, or no credentials',
  unreachable: 'bus, source or gate unreachable',
  deadline: 'deadline passed',
  conflict: 'conflict: a record moved, or a lock is held',
  counterexample: 'a verification found a counterexample',
  rolledBack: 'rolled back: the change undid itself',
  interrupted: 'interrupted',
};

/** The frozen exit codes, ascending. */
export function exitCodeRows(): ExitCodeRow[] {
  const rows = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => ({
    code: EXIT[name],
    meaning: MEANING[name],
  }));
  return rows.toSorted((a, b) => a.code - b.code);
}

/** Error codes that end a process with this exit code, in alphabetical order. */
export function errorCodesOf(exit: number): string[] {
  return Object.entries(ERROR_CODES)
    .filter(([code, entry]) => entry.exit === exit && code.startsWith('E-'))
    .map(([code]) => code);
}

/** `help exit-codes`. */
export function exitCodesText(): string {
  const lines = exitCodeRows().flatMap(({ code, meaning }) => [
    `${pad(String(code), 5, 'right')}  ${meaning}`,
    ...(errorCodesOf(code).length === 0 ? [] : wrap(errorCodesOf(code).join(', '), 70).map((line) => `       ${line}`)),
  ]);
  return `${['Exit codes, and the error codes that end with each', ...lines].join('\n')}\n`;
}
