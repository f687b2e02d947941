import type { Finding } from '@seatrial/contracts';
import {
  findingLabel,
  formatBytes,
  formatCount,
  formatDuration,
  inPrintOrder,
  neutralise,
  renderTable,
  severityCell,
  severityWords,
  wrap,
  type Paint,
  type ScanResult,
} from '@seatrial/report';
import { VERSION } from '../version.ts';
import { failuresOf, type AuditSection, type CollectSection, type ServiceReport } from './report.ts';
import type { Source } from './sources.ts';

/** How many findings the summary shows; `get findings` has the rest. */
const SHOWN = 3;

/** First lines: what this is, and that it is for this machine only. */
export function bannerLines(keep: boolean, paint: Paint): string[] {
  const data = keep ? 'bus data is kept' : 'bus data is lost on exit (--keep to keep it)';
  return [
    `${paint(`Seatrial ${VERSION}`, 'strong')}   ${paint('DEV MODE', 'warn')}: local only, dev keys,`,
    `                 ${data}`,
  ];
}

const SOURCE_NAMES: Readonly<Record<Source['kind'], string>> = { docker: 'Docker', host: 'this host' };

export function sourceLines(sources: readonly Source[], width: number, paint: Paint): string[] {
  return ['', 'Sources', ...sources.map((source) => sourceLine(source, width, paint))];
}

/** Column of what a person reads beside the status. */
const DETAIL_AT = 29;

function sourceLine({ kind, status, version, detail }: Source, width: number, paint: Paint): string {
  const name = SOURCE_NAMES[kind].padEnd(11);
  const state = paint(status.padEnd(14), status === 'real' ? 'good' : 'warn');
  const text = neutralise(version === undefined ? detail : `${version}: ${detail}`);
  return wrap(text, width - DETAIL_AT)
    .map((part, at) => (at === 0 ? `  ${name} ${state} ${part}` : `${' '.repeat(DETAIL_AT)}${part}`))
    .join('\n');
}

/** A member of the plane, once it answers or is given up. */
export function serviceLine({ name, ok, ms, failure }: ServiceReport, detail: string, paint: Paint): string {
  const verdict = ok ? paint('ok  ', 'good') : paint('fail', 'bad');
  const text = ok ? detail : (failure ?? 'no answer');
  const time = ms === undefined ? '' : formatDuration(ms);
  return ok
    ? `  ${verdict}  ${name.padEnd(18)} ${text.padEnd(42)} ${time.padStart(8)}`
    : `  ${verdict}  ${name.padEnd(18)} ${neutralise(text)}`;
}

/** One finished step of the first look. */
function stepLine(name: string, what: string, ms: number): string {
  return `  ${name.padEnd(10)} ${what.padEnd(56)} ${formatDuration(ms).padStart(8)}`;
}

export function collectLine({ counts, frame, ms }: CollectSection): string {
  const objects = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const containers = counts.container ?? 0;
  const frames = frame === null ? 'no frame yet' : '1 frame/s';
  return stepLine(
    'collect',
    `${formatCount(objects, 'object')}, ${formatCount(containers, 'container')}, ${frames}`,
    ms,
  );
}

export function auditLine(audit: AuditSection, scan: ScanResult): string {
  return stepLine('audit', `${formatCount(audit.targets, 'container')}: ${severityWords(failuresOf(scan))}`, audit.ms);
}

/** The worst true things, one line each, and how many more there are. @param silent services that did not answer: without them nothing was looked at */
export function foundLines(
  scan: ScanResult | undefined,
  silent: readonly string[],
  width: number,
  paint: Paint,
): string[] {
  if (silent.length > 0) return ['', 'Found', `  nothing was looked at: no answer from ${silent.join(' and ')}`];
  if (scan === undefined) return ['', 'Found', '  no container was audited: no engine answers'];
  const failures = inPrintOrder(scan.findings).filter(({ status, primary }) => status === 'fail' && primary);
  const unknown = scan.findings.filter(({ status }) => status === 'unknown').length;
  if (failures.length === 0)
    return [
      '',
      'Found',
      `  nothing${unknown === 0 ? '' : `; ${unknown} verdicts are unknown: seatrial get findings --status unknown`}`,
    ];
  const rows = renderTable(failures.slice(0, SHOWN), columns(failures.slice(0, SHOWN)), {
    width: width - 2,
    headers: false,
    paint,
  });
  const more = failures.length - SHOWN;
  return ['', 'Found', ...rows.map((row) => `  ${row}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}

const columns = (findings: readonly Finding[]): Parameters<typeof renderTable<Finding>>[1] => [
  { key: 'severity', header: 'SEVERITY', cell: severityCell },
  { key: 'check', header: 'CHECK', cell: ({ checkId }) => checkId },
  { key: 'target', header: 'TARGET', cell: ({ target }) => target.name, shrinkTo: 10 },
  ...(findings.some((finding) => findingLabel(finding) !== '')
    ? [
        {
          key: 'label',
          header: 'LABEL',
          cell: (finding: Finding) => ({ text: findingLabel(finding), tone: 'warn' as const }),
        },
      ]
    : []),
  { key: 'finding', header: 'FINDING', cell: ({ message }) => message, shrinkTo: 12 },
];

export function nextText(lines: readonly string[]): string[] {
  return ['', 'Next', ...lines.map((line) => `  ${line}`)];
}

/** What moves, for the status line. */
export interface Vitals {
  readonly containers: number;
  /** Cores. */
  readonly cpu: number | null;
  /** Bytes. */
  readonly memory: number | null;
  /** How long the plane runs, ms. */
  readonly upMs: number;
}

export function statusText({ containers, cpu, memory, upMs }: Vitals): string {
  const parts = [
    `up ${formatDuration(upMs)}`,
    formatCount(containers, 'container'),
    ...(cpu === null ? [] : [`cpu ${cpu.toFixed(2)} cores`]),
    ...(memory === null ? [] : [`memory ${formatBytes(memory)}`]),
    'q stops',
  ];
  return parts.join('   ');
}
