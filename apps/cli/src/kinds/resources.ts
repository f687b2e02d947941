import type { ResourceRecord } from '@seatrial/contracts';
import { formatAgo, formatBytes, type Tone } from '@seatrial/report';

import type { LatestValue } from './live.ts';

/** An object of the estate with what is measured of it now. */
export interface ResourceRow {
  readonly record: ResourceRecord;
  readonly values: readonly LatestValue[];
}

const GOOD = new Set(['running', 'up', 'ok']);
const BAD = new Set(['dead', 'down', 'unreachable']);

/** The source's own word for the state, with a glyph. */
export function stateCell(status: string): { text: string; tone: Tone } {
  if (GOOD.has(status)) return { text: `✓ ${status}`, tone: 'good' };
  if (BAD.has(status)) return { text: `✗ ${status}`, tone: 'bad' };
  return { text: `- ${status}`, tone: 'dim' };
}

/** An attribute as text; empty when the source does not say. */
export function attribute(record: ResourceRecord, name: string): string {
  return String(record.attrs[name] ?? '');
}

/** An attribute that is a number; undefined when the source does not say. */
export function amount(record: ResourceRecord, name: string): number | undefined {
  const value = record.attrs[name];
  return typeof value === 'number' ? value : undefined;
}

/** Cores in use, `0.42`, or of how many, `0.42/2`; the unit stands in the heading. Empty when not measured. */
export function coresText(used: number | undefined, capacity: number | undefined): string {
  if (used === undefined) return '';
  const text = used.toFixed(used < 10 ? 2 : 1);
  return capacity === undefined ? text : `${text}/${capacity}`;
}

/** `62 MiB`, `3.2 GiB/24 GiB`; empty when not measured. */
export function memoryText(used: number | undefined, capacity: number | undefined): string {
  if (used === undefined) return '';
  return capacity === undefined ? formatBytes(used) : `${formatBytes(used)}/${formatBytes(capacity)}`;
}

/** An attribute with its unit: bytes by their size, instants by their age, which count from `now`, epoch ms. */
export function attributeText(key: string, value: ResourceRecord['attrs'][string], now: number): string {
  if (typeof value === 'number' && /bytes$/i.test(key)) return formatBytes(value);
  if (typeof value === 'string' && key.endsWith('At') && !Number.isNaN(Date.parse(value)))
    return `${formatAgo(value, now)} (${value})`;
  return String(value);
}
