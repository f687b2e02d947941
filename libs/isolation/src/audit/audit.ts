import type { CheckStatus, FindingTarget, Severity } from '@seatrial/contracts';

import { DOCKER_CHECKS } from '../checks/catalogue.ts';
import type { AllowLists, Check, CheckInput } from '../checks/define.ts';
import type { Fail, Outcome } from '../checks/outcome.ts';
import { subsumerOf } from '../checks/subsumption.ts';
import { traitsOf } from '../checks/traits.ts';
import { analyseEscape, type EscapeAnalysis } from '../escape/analysis.ts';
import type { FactDocument } from '../facts/document.ts';
import type { EngineFacts } from '../facts/engine.ts';
import type { HostReference } from '../facts/host-reference.ts';
import type { PeerIndex } from '../facts/peer-index.ts';
import { gradeOf, type Grade } from './grade.ts';
import { groupIdOf } from './group.ts';
import { severityInContext } from './severity.ts';

/** What surrounds a target. */
export interface AuditContext {
  readonly engine: EngineFacts;
  readonly host: HostReference;
  /** All containers of the engine, the target included. */
  readonly peers: PeerIndex;
  readonly allow?: Partial<AllowLists>;
  /** Checks to carry out. @default all */
  readonly checks?: readonly Check[];
}

/** What one check says about one target, in the light of the other checks. */
export interface Verdict {
  readonly check: Check;
  readonly status: CheckStatus;
  /** After context. */
  readonly severity: Severity;
  /** As in the catalogue, of the two where a row has two. */
  readonly severityBase: Severity;
  /** Not explained by another failure of the same target. */
  readonly primary: boolean;
  readonly subsumedBy?: string;
  readonly outcome: Outcome;
}

/** All verdicts on one target. */
export interface TargetAudit {
  readonly target: FindingTarget;
  readonly document: FactDocument;
  /** In the order of the catalogue. */
  readonly verdicts: readonly Verdict[];
  /** Unknown vulnerability classes between it and its host; null when it cannot be known. */
  readonly k: { readonly host: number | null };
  readonly grade: Grade;
  /** The same for targets of one configuration with the same failures. */
  readonly groupId: string;
}

/** Audits one container. Pure: the same document and context give the same verdicts. */
export function audit(document: FactDocument, context: AuditContext): TargetAudit {
  const input = checkInput(document, context);
  const checks = context.checks ?? DOCKER_CHECKS;
  const outcomes = checks.map((check) => check.evaluate(input));
  const failures = failuresOf(checks, outcomes);
  const verdicts = checks.map((check, i): Verdict => {
    const outcome = withCauses(check, outcomes[i] as Outcome, input.escape, failures);
    const severityBase = (outcome.status === 'fail' ? outcome.severity : undefined) ?? check.severity;
    const subsumedBy = outcome.status === 'fail' ? subsumerOf(check.id, failures) : undefined;
    return {
      check,
      status: outcome.status,
      severity: severityInContext(severityBase, input.traits, input.escape.k),
      severityBase,
      primary: subsumedBy === undefined,
      ...(subsumedBy === undefined ? {} : { subsumedBy }),
      outcome,
    };
  });
  return {
    target: targetOf(document),
    document,
    verdicts,
    k: { host: input.escape.k },
    grade: gradeOf(verdicts),
    groupId: groupIdOf(document, [...failures.keys()]),
  };
}

const ESCAPE = 'dkr.path.host_escape';

/** The evidence of a way to the host is that of the failures that it is made of. */
function withCauses(
  check: Check,
  outcome: Outcome,
  { open }: EscapeAnalysis,
  failures: ReadonlyMap<string, Fail>,
): Outcome {
  if (check.id !== ESCAPE || outcome.status !== 'fail') return outcome;
  const ids = new Set(open.flatMap((rule) => (rule.needsRoot ? [rule.cut, 'dkr.user.root'] : [rule.cut])));
  return { ...outcome, cites: [...ids].flatMap((id) => failures.get(id)?.cites ?? []) };
}

function checkInput(document: FactDocument, context: AuditContext): CheckInput {
  let escape: EscapeAnalysis | undefined;
  return {
    document,
    declared: document.declared,
    effective: document.effective,
    host: context.host,
    engine: context.engine,
    peers: context.peers,
    allow: { paths: context.allow?.paths ?? [], cgroupParents: context.allow?.cgroupParents ?? [] },
    traits: traitsOf(document, context.engine),
    get escape() {
      return (escape ??= analyseEscape(this));
    },
  };
}

function failuresOf(checks: readonly Check[], outcomes: readonly Outcome[]): ReadonlyMap<string, Fail> {
  const failures = new Map<string, Fail>();
  for (const [i, check] of checks.entries()) {
    const outcome = outcomes[i];
    if (outcome?.status === 'fail') failures.set(check.id, outcome);
  }
  return failures;
}

function targetOf(document: FactDocument): FindingTarget {
  const { platform, id, name, identity, host, tenant, configHash, image, demo } = document;
  return {
    platform,
    id,
    name,
    identity: identity.slice(0, 512),
    host: host.slice(0, 256),
    tenant: tenant.slice(0, 256),
    configHash,
    ...(image === '' ? {} : { image }),
    ...(demo ? { demo } : {}),
  };
}
