import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { groupOfFile } from './groups.ts';
import type { TestOutcome } from './outcome.ts';

/** Lines that a spec prints to say why its tests are skipped start so. */
const SKIP_LINE = /^skipped: (.+)$/m;

/**
 * Writes one line of JSON for each test that ended to the file `SEATRIAL_TEST_REPORT`, as they end: a run that is killed leaves what it proved. Beside
 * vitest's own reporter, which talks to people.
 */
export default class OutcomeReporter implements Reporter {
  readonly #file = process.env.SEATRIAL_TEST_REPORT ?? '';
  readonly #root = process.env.SEATRIAL_ROOT ?? process.cwd();
  /** What a file said about its skips, by file. */
  readonly #reasons = new Map<string, string>();

  onUserConsoleLog(log: Parameters<NonNullable<Reporter['onUserConsoleLog']>>[0]): void {
    const reason = SKIP_LINE.exec(log.content)?.[1];
    const file = log.taskId === undefined ? undefined : /^-?\d+/.exec(log.taskId)?.[0];
    if (reason !== undefined && file !== undefined) this.#reasons.set(file, reason);
  }

  onTestModuleEnd(module: TestModule): void {
    const file = relative(this.#root, module.moduleId);
    const group = groupOfFile(file);
    for (const test of module.children.allTests()) this.#write(this.#outcome(test, file));
    // A file that cannot be loaded, or whose suites fail around the tests, has errors of its own.
    const around = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
    if (around.length > 0)
      this.#write({ group, name: `${file}: ${around[0]?.message ?? 'cannot be loaded'}`, state: 'failed' });
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    for (const error of unhandled) this.#write({ group: 'unit', name: `unhandled: ${error.message}`, state: 'failed' });
  }

  #outcome(test: TestCase, file: string): TestOutcome {
    const result = test.result();
    const name = `${file} > ${test.fullName}`;
    const group = groupOfFile(file);
    if (result.state === 'passed' || result.state === 'failed') return { group, name, state: result.state };
    const note = result.state === 'skipped' ? result.note : 'it never ended';
    // Pending after its file ended means that it was started and is not accounted for.
    if (result.state === 'pending') return { group, name, state: 'failed' };
    const reason = note ?? this.#reasons.get(test.module.id);
    return { group, name, state: 'skipped', ...(reason === undefined ? {} : { reason }) };
  }

  #write(outcome: TestOutcome): void {
    appendFileSync(this.#file, `${JSON.stringify(outcome)}\n`);
  }
}
