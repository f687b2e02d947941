import { Interrupted } from './interrupted.ts';
import { parse } from './parse/parse.ts';
import type { Session } from './session.ts';
import { traceIdOf } from './connect/trace-id.ts';

const INTERRUPTED = 130;
/** Output formats whose reader expects errors as JSON. */
const JSON_OUTPUT = /^(json|ndjson|sarif)$/;

/** Carries one command line out (without program and script); returns the exit code. Never throws: errors are printed. */
export async function runCli(argv: readonly string[], session: Session): Promise<number> {
  try {
    const parsed = parse(argv);
    if ('print' in parsed) {
      session.out(parsed.print);
      return 0;
    }
    const run = await parsed.invocation.verb.load();
    return await run(parsed.invocation, session);
  } catch (error) {
    return await failed(error, argv, session);
  }
}

async function failed(error: unknown, argv: readonly string[], session: Session): Promise<number> {
  if (session.signal.aborted) {
    if (error instanceof Interrupted && error.stillRuns !== undefined) session.err(`interrupted; ${error.stillRuns}\n`);
    return INTERRUPTED;
  }
  const { reportError } = await import('./output/error-report.ts');
  const report = reportError(error, traceIdOf(error));
  session.err(wantsJson(argv) ? report.json : report.text);
  return report.exit;
}

/** Read from the words themselves: the command line may be the very thing that is wrong. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, at) => {
    const joined = /^(?:-o=?|--output=)(.+)$/.exec(word)?.[1];
    const value = joined ?? (word === '-o' || word === '--output' ? argv[at + 1] : undefined);
    return value !== undefined && JSON_OUTPUT.test(value);
  });
}
