import { formatBytes, formatDuration, formatShare } from '@seatrial/report';

/** Metrics of unit 1 that are shares of a whole; others of that unit are plain numbers, such as a load. */
const SHARE = /\.(utilization|ratio)$/;

/** A measured value with its unit (UCUM, as in the metric catalogue) for a person. */
export function unitText(value: number, unit: string, metric: string): string {
  switch (unit) {
    case 'By':
      return formatBytes(value);
    case 'By/s':
      return `${formatBytes(value)}/s`;
    case 's':
      return formatDuration(value * 1000);
    case 'ms':
      return formatDuration(value);
    case '1':
      return SHARE.test(metric) ? formatShare(value) : value.toFixed(2);
    case '%':
      return formatShare(value / 100);
    case '{cpu}':
    case '{core}':
      return `${value.toFixed(2)} cores`;
    default:
      return `${value.toLocaleString('en-US', { maximumSignificantDigits: Number.isInteger(value) ? 21 : 4 })} ${counted(unit, value)}`.trimEnd();
  }
}

/** `{thread}` is an annotation of UCUM: what is counted, in the singular. */
function counted(unit: string, value: number): string {
  const [, thing] = /^\{(.+)\}$/.exec(unit) ?? [];
  if (thing === undefined) return unit;
  if (value === 1) return thing;
  return /(s|x|ch|sh)$/.test(thing) ? `${thing}es` : `${thing}s`;
}
