const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with their binary unit: `512 B`, `1.5 KiB`, `24 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${short(value)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** A length of time with its unit: `0.4 ms`, `340 ms`, `1.2 s`, `4 min`, `3 h`, `12 d`. From a minute on only whole units that have passed count. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${short(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${short(Math.min(seconds, 59))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** How long ago an instant was: `now`, `12 s ago`, `4 min ago`; an instant ahead of `nowMs` reads `in 12 s`; `never` when absent or unreadable. */
export function formatAgo(instant: string | number | undefined, nowMs: number): string {
  const at = typeof instant === 'number' ? instant : instant === undefined ? Number.NaN : Date.parse(instant);
  if (Number.isNaN(at)) return 'never';
  const age = nowMs - at;
  if (Math.abs(age) < 1000) return 'now';
  const length = formatDuration(Math.floor(Math.abs(age) / 1000) * 1000);
  return age > 0 ? `${length} ago` : `in ${length}`;
}

/** A share (0..1) as percent: `3.2 %`, `97 %`. */
export function formatShare(share: number): string {
  return `${short(share * 100)} %`;
}

/** `1 finding`, `1,284 findings`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

function short(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 9.95 ? 0 : size >= 0.095 ? 1 : 2);
}
