import type { Platform, Severity } from '@seatrial/contracts';

import type { EscapeAnalysis } from '../escape/analysis.ts';
import type { DeclaredFacts } from '../facts/declared.ts';
import type { FactDocument } from '../facts/document.ts';
import type { EffectiveFacts } from '../facts/effective.ts';
import type { EngineFacts } from '../facts/engine.ts';
import type { HostReference } from '../facts/host-reference.ts';
import type { PeerIndex } from '../facts/peer-index.ts';
import type { Outcome } from './outcome.ts';
import type { Traits } from './traits.ts';

/** What a site allows beyond the catalogue. */
export interface AllowLists {
  /** Host paths that may be bound; a path allows what lies below it. Only for `dkr.mount.host_path`. */
  readonly paths: readonly string[];
  /** Cgroup parents. */
  readonly cgroupParents: readonly string[];
}

/** Everything a check may look at. */
export interface CheckInput {
  readonly document: FactDocument;
  /** Same as `document.declared`. */
  readonly declared: DeclaredFacts;
  /** Same as `document.effective`. */
  readonly effective: EffectiveFacts;
  readonly host: HostReference;
  readonly engine: EngineFacts;
  readonly peers: PeerIndex;
  readonly allow: AllowLists;
  /** Conclusions that several checks need. */
  readonly traits: Traits;
  /** Ways to the host; found when first asked for. */
  readonly escape: EscapeAnalysis;
}

/** One rule: evidence in, verdict out. The reference page, `explain`, SARIF and the tests come from this object. */
export interface Check {
  /** Never changes its meaning and is never used again. */
  readonly id: string;
  readonly title: string;
  /** Of the catalogue; a fault may name another where the row has two. */
  readonly severity: Severity;
  readonly platform: Platform;
  /** What an attacker gains, one or two sentences. */
  readonly why: string;
  readonly passesWhen: string;
  readonly remedy: string;
  /** Commands that show it by hand. */
  readonly howToTest: string;
  /** CIS Docker 1.6.0 (`CIS-Docker 5.5`), CIS Kubernetes 1.12, NIST 800-53r5, ATT&CK. */
  readonly maps: readonly string[];
  /** Pure and quick; every early return says what could not be known. */
  evaluate(input: CheckInput): Outcome;
}

/** Checks the shape of a check where it is written, and freezes it. */
export function defineCheck<const C extends Check>(check: C): C {
  return Object.freeze(check);
}
