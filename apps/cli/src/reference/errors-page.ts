import { ERROR_CODES } from '@seatrial/contracts';
import { codeSpan, markdownTable } from '@seatrial/report';

import { errorCodesOf, exitCodeRows } from '../help/exit-codes.ts';

/** The reference page of exit codes and error codes, generated from the registry of the contracts. */
export function errorsPage(): string {
  return [
    '# Exit codes and error codes',
    '',
    '<!-- Generated from the registry of contracts/ by `npm run generate`; do not edit. -->',
    '',
    'An error is one text on stderr: `error[CODE]: message`, then `cause`, `hint` and `docs` lines. With `-o json` it is one object on stderr,',
    '`{"error":{"code","message","hint","retryable","traceId","details"}}`, and stdout stays empty or valid JSON.',
    '',
    '## Exit codes',
    '',
    ...markdownTable(
      ['Exit code', 'Meaning', 'Error codes'],
      exitCodeRows().map(({ code, meaning }) => [
        String(code),
        meaning,
        errorCodesOf(code)
          .map((name) => `[${name}](#${name.toLowerCase()})`)
          .join(' '),
      ]),
    ),
    '',
    '## Error codes',
    '',
    ...Object.entries(ERROR_CODES).flatMap(([code, { text, hint, exit }]) => [
      `### ${code}`,
      '',
      `${text} ${hint}${exit === 0 ? '' : ` Exit code ${codeSpan(String(exit))}.`}`,
      '',
    ]),
  ].join('\n');
}
