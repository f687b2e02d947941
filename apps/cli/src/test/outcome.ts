import { GROUPS, type GroupName } from './groups.ts';

/** How one test ended. */
export interface TestOutcome {
  readonly group: GroupName;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
}

/** A whole group that could not run. */
export interface SkippedGroup {
  readonly group: GroupName;
  readonly reason: string;
}

export interface TestReport {
  readonly outcomes: readonly TestOutcome[];
  readonly skippedGroups: readonly SkippedGroup[];
}

/** Exit code of a run: 1 when a test failed, or when none ran (a run that proves nothing is no success). */
export function exitOf(report: TestReport): 0 | 1 {
  const { passed, failed } = countsOf(report.outcomes);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/**
 * The closing lines: a row for each group, every reason of a skip with its count, and last `N passed, N failed` alone on its line (scripts read it).
 */
export function closingLines(report: TestReport): string[] {
  const rows = GROUPS.flatMap(({ name }) => {
    const outcomes = report.outcomes.filter((outcome) => outcome.group === name);
    if (outcomes.length === 0) return [];
    const { passed, failed, skipped } = countsOf(outcomes);
    return [`  ${name.padEnd(9)} ${count(passed)} passed ${count(failed)} failed ${count(skipped)} skipped`];
  });
  const { passed, failed } = countsOf(report.outcomes);
  return [
    '',
    ...rows,
    ...failureLines(report.outcomes),
    ...skipLines(report),
    '',
    `${passed} passed, ${failed} failed`,
  ];
}

function failureLines(outcomes: readonly TestOutcome[]): string[] {
  const failed = outcomes.filter((outcome) => outcome.state === 'failed');
  return failed.length === 0
    ? []
    : ['', 'failed', ...failed.map((outcome) => `  ${outcome.group.padEnd(9)} ${outcome.name}`)];
}

function skipLines({ outcomes, skippedGroups }: TestReport): string[] {
  const reasons = new Map<string, number>();
  for (const { state, group, reason } of outcomes) {
    if (state !== 'skipped') continue;
    const line = `${group.padEnd(9)} ${reason ?? 'its own condition'}`;
    reasons.set(line, (reasons.get(line) ?? 0) + 1);
  }
  const tests = [...reasons].map(([line, times]) => `  ${count(times)}  ${line}`);
  const groups = skippedGroups.map(({ group, reason }) => `    all  ${group.padEnd(9)} ${reason}`);
  return tests.length + groups.length === 0 ? [] : ['', 'skipped', ...tests, ...groups];
}

function countsOf(outcomes: readonly TestOutcome[]): { passed: number; failed: number; skipped: number } {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { state } of outcomes) counts[state] += 1;
  return counts;
}

function count(n: number): string {
  return String(n).padStart(5);
}
