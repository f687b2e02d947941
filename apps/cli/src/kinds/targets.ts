import type { TargetState } from '@seatrial/contracts';
import { formatAgo, labelOf, type Column, type Tone } from '@seatrial/report';

/** Health as a glyph, a word and a tone. */
export function healthCell(health: TargetState['health']): { text: string; tone: Tone } {
  switch (health) {
    case 'ok':
      return { text: '✓ ok', tone: 'good' };
    case 'degraded':
      return { text: '! degraded', tone: 'warn' };
    case 'down':
      return { text: '✗ down', tone: 'bad' };
    case 'not-configured':
      return { text: '- not configured', tone: 'dim' };
  }
}

/** Columns of targets; ages count from `now`, epoch ms. */
export function targetColumns(now: number): readonly Column<TargetState>[] {
  return [
    { key: 'name', header: 'NAME', cell: ({ id }) => id, shrinkTo: 10 },
    { key: 'source', header: 'SOURCE', cell: ({ src }) => src },
    { key: 'health', header: 'HEALTH', cell: ({ health }) => healthCell(health) },
    { key: 'label', header: 'LABEL', cell: (target) => ({ text: labelOf(target), tone: 'warn' }) },
    { key: 'version', header: 'VERSION', cell: ({ version }) => version ?? '', shrinkTo: 8 },
    { key: 'objects', header: 'OBJECTS', cell: ({ counts }) => countsText(counts), shrinkTo: 14 },
    {
      key: 'sample',
      header: 'LAST SAMPLE',
      cell: ({ lastSampleAt }) => formatAgo(lastSampleAt, now),
      sort: ({ lastSampleAt }) => lastSampleAt ?? '',
    },
    { key: 'since', header: 'SINCE', cell: ({ since }) => formatAgo(since, now), wide: true },
    { key: 'address', header: 'ADDRESS', cell: ({ address }) => address, wide: true },
    { key: 'measures', header: 'MEASURES', cell: ({ capabilities }) => capabilities.join(' '), wide: true },
    {
      key: 'note',
      header: 'NOTE',
      cell: ({ code, message }) => [code, message].filter(Boolean).join(': '),
      shrinkTo: 8,
    },
  ];
}

/** `7 containers, 1 engine`: kinds that occur, most first. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en'))
    .map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`)
    .join(', ');
}
