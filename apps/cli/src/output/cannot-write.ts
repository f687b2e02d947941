import { OutputError } from '../errors.ts';
import { reportError } from './error-report.ts';

/** Ends the process: stdout takes nothing more (a full disk, say), so the error itself goes to stderr. */
export function cannotWrite(cause: Error): never {
  const { text, exit } = reportError(new OutputError(cause));
  process.stderr.write(text);
  process.exit(exit);
}
