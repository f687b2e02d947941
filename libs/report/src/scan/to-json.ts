import { toJsonText, toNdjsonText } from '../text/json.ts';
import { inPrintOrder, type ScanResult } from './result.ts';

/** The result as one JSON object `{findings, targets, summary}`; findings in print order. */
export function scanToJson(result: ScanResult): string {
  return `${toJsonText({ findings: inPrintOrder(result.findings), targets: result.targets, summary: result.summary })}\n`;
}

/** One finding a line, in print order. */
export function scanToNdjson(result: ScanResult): string {
  return toNdjsonText(inPrintOrder(result.findings));
}
