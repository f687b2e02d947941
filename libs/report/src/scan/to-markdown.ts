import type { Severity } from '@seatrial/contracts';

import { codeSpan, markdownTable } from '../text/markdown.ts';
import { foldByCheck, type Fold } from './fold.ts';
import { WORST_FIRST, type ScanResult } from './result.ts';
import { summarySentence, tallyFindings, type Tally } from './tally.ts';

const STATUSES = ['fail', 'unknown', 'waived'] as const;
/** Targets named in one row; the rest is counted. */
const NAMED_TARGETS = 10;

/** Markdown for a pull request or a ticket: the counts, then one row a check. Text from outside stands in code spans. */
export function scanToMarkdown(result: ScanResult): string {
  const tally = tallyFindings(result.findings);
  const lines = ['# Isolation scan', '', summarySentence(result), '', ...countTable(tally), ''];
  const folds = foldByCheck(result.findings);
  if (folds.length > 0)
    lines.push(
      '## Findings',
      '',
      ...markdownTable(['Severity', 'Status', 'Check', 'N', 'Targets', 'What', 'Fix'], folds.map(row)),
      '',
    );
  const open = result.targets.filter(({ k }) => k.host === 0);
  if (open.length > 0)
    lines.push(`The host is open (K 0) from: ${open.map(({ name }) => codeSpan(name)).join(', ')}`, '');
  return lines.join('\n');
}

function countTable(tally: Tally): string[] {
  const cells = (status: string) => WORST_FIRST.map((severity: Severity) => String(tally[status]?.[severity] ?? 0));
  return markdownTable(
    ['Status', ...WORST_FIRST],
    STATUSES.map((status) => [status, ...cells(status)]),
  );
}

function row({ finding, label, count, targets }: Fold): string[] {
  const named = targets.slice(0, NAMED_TARGETS).map(codeSpan);
  const more = targets.length - named.length;
  return [
    finding.severity,
    finding.status + (finding.primary ? '' : `, part of ${codeSpan(finding.subsumedBy ?? 'another')}`),
    codeSpan(finding.checkId),
    String(count),
    named.join(', ') + (more > 0 ? ` and ${more} more` : '') + (label === '' ? '' : ` ${label}`),
    codeSpan(finding.title),
    codeSpan(finding.remedy),
  ];
}
