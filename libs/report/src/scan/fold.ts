import type { Finding } from '@seatrial/contracts';

import { findingLabel, inPrintOrder } from './result.ts';

/** The same verdict of one check on several targets, as one line for a person. */
export interface Fold {
  /** The first of them. */ readonly finding: Finding;
  readonly label: string;
  readonly count: number;
  /** Names of the targets, each once, in print order. */ readonly targets: readonly string[];
}

/** Groups findings by check, status, severity and label, in print order. The counts of all folds add up to the number of findings. */
export function foldByCheck(findings: readonly Finding[]): Fold[] {
  const folds = new Map<string, Fold & { count: number; targets: string[] }>();
  for (const finding of inPrintOrder(findings)) {
    const label = findingLabel(finding);
    const key = JSON.stringify([finding.checkId, finding.status, finding.severity, finding.primary, label]);
    const fold = folds.get(key);
    if (fold === undefined) folds.set(key, { finding, label, count: 1, targets: [finding.target.name] });
    else {
      fold.count += 1;
      if (!fold.targets.includes(finding.target.name)) fold.targets.push(finding.target.name);
    }
  }
  return [...folds.values()];
}
