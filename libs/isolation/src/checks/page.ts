import type { CheckList, ReplyOf } from '@seatrial/contracts';

import { DOCKER_CHECKS } from './catalogue.ts';
import type { Check } from './define.ts';
import { possibleSubsumers } from './subsumption.ts';

/** One row of the catalogue as queries give it. */
export type CheckRow = ReplyOf<typeof CheckList>['checks'][number];

export function checkRow(check: Check): CheckRow {
  const { id, title, severity, platform, why, passesWhen, remedy, howToTest, maps } = check;
  return {
    id,
    title,
    severity,
    platform,
    why,
    passesWhen,
    remedy,
    howToTest,
    maps: [...maps],
    subsumedBy: [...possibleSubsumers(id)],
  };
}

export function checkRows(): CheckRow[] {
  return DOCKER_CHECKS.map(checkRow);
}

/** The section of the reference for one check, Markdown. */
export function checkPage(check: Check): string {
  const row = checkRow(check);
  return [
    `## \`${row.id}\``,
    '',
    `**${row.title}** · severity ${row.severity} · ${row.maps.join(', ')}`,
    '',
    row.why,
    '',
    `- **Passes when** ${row.passesWhen}`,
    `- **Remedy** ${row.remedy}`,
    `- **By hand** ${row.howToTest.includes('`') ? row.howToTest : `\`${row.howToTest}\``}`,
    ...(row.subsumedBy.length === 0
      ? []
      : [`- **Explained by** ${row.subsumedBy.map((id) => `\`${id}\``).join(', ')}, when that is open too`]),
    '',
  ].join('\n');
}
