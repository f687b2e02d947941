export { neutralise } from './text/neutralise.ts';
export { displayWidth, fit, pad, wrap } from './text/width.ts';
export { formatAgo, formatBytes, formatCount, formatDuration, formatShare } from './text/units.ts';
export { toJsonText, toNdjsonText } from './text/json.ts';
export { codeSpan, markdownTable } from './text/markdown.ts';
export { unpainted, type Paint, type Tone } from './table/paint.ts';
export { cellText, sortRows, type Cell, type Column } from './table/column.ts';
export { renderTable, type TableOptions } from './table/render-table.ts';
export { renderSheet, type SheetSection } from './table/render-sheet.ts';
export {
  findingLabel,
  inPrintOrder,
  isAtLeast,
  labelOf,
  severityCell,
  severityWord,
  WORST_FIRST,
  type CatalogueCheck,
  type ScanResult,
} from './scan/result.ts';
export {
  breaches,
  countOf,
  severityWords,
  summarySentence,
  tallyFindings,
  type Gate,
  type Tally,
} from './scan/tally.ts';
export { foldByCheck, type Fold } from './scan/fold.ts';
export { scanToTable, type ScanTableOptions } from './scan/to-table.ts';
export { scanToJson, scanToNdjson } from './scan/to-json.ts';
export { scanToSarif, type SarifTool } from './scan/to-sarif.ts';
export { scanToJunit } from './scan/to-junit.ts';
export { scanToMarkdown } from './scan/to-markdown.ts';
