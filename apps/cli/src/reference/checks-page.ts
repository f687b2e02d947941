import { checkPage, DOCKER_CHECKS } from '@seatrial/isolation';
import { codeSpan, markdownTable } from '@seatrial/report';

/** The reference page of the isolation checks, generated from their definitions. */
export function checksPage(): string {
  return [
    '# Isolation checks',
    '',
    '<!-- Generated from libs/isolation by `npm run generate`; do not edit. -->',
    '',
    'Each check looks at one container and answers `pass`, `fail`, `unknown` (evidence is missing; never a pass) or `not-applicable`. `seatrial explain <check>` prints the same text.',
    '',
    ...markdownTable(
      ['Check', 'Severity', 'What it finds'],
      DOCKER_CHECKS.map(({ id, severity, title }) => [`[${codeSpan(id)}](#${anchor(id)})`, severity, title]),
    ),
    '',
    ...DOCKER_CHECKS.map(checkPage),
  ].join('\n');
}

/** The anchor that a heading `` `dkr.ns.pid.host` `` gets. */
function anchor(id: string): string {
  return id.replaceAll('.', '');
}
