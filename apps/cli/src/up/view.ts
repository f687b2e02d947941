import { toJsonText, type Paint, type ScanResult } from '@seatrial/report';
import type { Session } from '../session.ts';
import type { PlaneProcess } from '../plane/run-state.ts';
import { serviceReport, upToJson, type AuditSection, type CollectSection, type UpReport } from './report.ts';
import type { Source } from './sources.ts';
import { auditLine, bannerLines, collectLine, foundLines, nextText, serviceLine, sourceLines } from './text.ts';

/** How `up` shows what it does, step by step. */
export interface UpView {
  banner(keep: boolean): void;
  sources(sources: readonly Source[]): void;
  service(member: PlaneProcess): void;
  collected(section: CollectSection): void;
  audited(section: AuditSection, scan: ScanResult): void;
  /** The end of the first look; `closing` is the last line for a person. */
  summary(report: UpReport, closing: string): void;
}

/** For people: results on stdout as they come. */
export function textView({ out, width }: Session, paint: Paint): UpView {
  const print = (lines: readonly string[]): void => out(`${lines.join('\n')}\n`);
  let headed = '';
  const under = (heading: string, line: string): void => {
    print(headed === heading ? [line] : ['', heading, line]);
    headed = heading;
  };
  return {
    banner: (keep) => print(bannerLines(keep, paint)),
    sources: (sources) => print(sourceLines(sources, width, paint)),
    service: (member) => under('Starting', serviceLine(serviceReport(member), member.detail ?? 'answers', paint)),
    collected: (section) => under('First look', collectLine(section)),
    audited: (section, scan) => under('First look', auditLine(section, scan)),
    summary: ({ scan, services, next }, closing) => {
      const silent = services.filter(({ ok }) => !ok).map(({ name }) => name);
      print([...foundLines(scan, silent, width, paint), ...nextText(next), '', closing]);
    },
  };
}

/** For scripts: one object at the end, nothing before it. */
export function jsonView({ out }: Session): UpView {
  const nothing = (): void => {};
  return {
    banner: nothing,
    sources: nothing,
    service: nothing,
    collected: nothing,
    audited: nothing,
    summary: (report) => out(`${toJsonText(upToJson(report))}\n`),
  };
}
