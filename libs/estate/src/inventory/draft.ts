import type { ResourceRecord } from '@seatrial/contracts';

/** A resource as a source shows it now: a record without what the inventory adds. */
export type ResourceDraft = Omit<ResourceRecord, 'digest' | 'firstSeen' | 'lastSeen'>;

/** Longest text of one attribute or label; a source may send any amount. */
const MAX_TEXT = 2048;
/** Labels and attributes of one record; with the text limit this keeps a record near 16 kB. */
const MAX_ENTRIES = 64;

/** Text of a source without control characters, cut to the limit. */
export function safeText(text: string, max: number = MAX_TEXT): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, max);
}

/** Labels of a source, made safe, first ones by name. */
export function safeLabels(labels: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  const entries = Object.entries(labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const kept: [string, string][] = [];
  let bytes = 0;
  for (const [name, value] of entries.slice(0, MAX_ENTRIES)) {
    const entry: [string, string] = [safeText(name, 256), safeText(value, 1024)];
    bytes += entry[0].length + entry[1].length;
    if (bytes > MAX_LABEL_TEXT) break;
    kept.push(entry);
  }
  return Object.fromEntries(kept);
}

/** All labels of one record together, characters: leaves room for the rest within 16 kB. */
const MAX_LABEL_TEXT = 8 * 1024;

/** Attributes without those that are absent. */
export function attributesOf(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): ResourceRecord['attrs'] {
  const present = Object.entries(values).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
  );
  return Object.fromEntries(
    present.map(([name, value]) => [name, typeof value === 'string' ? safeText(value) : value]),
  );
}
