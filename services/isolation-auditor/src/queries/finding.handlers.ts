import type { Archive } from '@seatrial/archive';
import { Handles, type QueryDelivery } from '@seatrial/bus';
import {
  FindingGet,
  FindingList,
  FindingState,
  SEVERITIES,
  type DataOf,
  type Finding,
  type ReplyOf,
} from '@seatrial/contracts';
import {
  findingOf,
  matchesGlob,
  reportable,
  summarise,
  targetVerdict,
  worstFirst,
  type TargetAudit,
} from '@seatrial/isolation';
import { Controller, Inject } from '@nestjs/common';

import { ARCHIVE } from '../archive.ts';
import { Auditors } from '../audit/auditors.ts';
import { isNamed } from '../audit/scope.ts';
import { FindingUnknown } from '../errors.ts';
import { FindingStore } from '../findings/finding-store.ts';
import { pageOf } from './page.ts';

type Listed = Finding & { state: FindingState };

/** Answers what was found. */
@Controller()
export class FindingHandlers {
  constructor(
    private readonly auditors: Auditors,
    private readonly store: FindingStore,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  @Handles(FindingList)
  async list(
    { cursor, limit, ...filter }: DataOf<typeof FindingList>,
    { signal }: QueryDelivery,
  ): Promise<ReplyOf<typeof FindingList>> {
    const audits = await this.auditors.current(signal);
    const { asOf } = this.auditors;
    const findings = this.#all(audits).filter(matching(filter)).toSorted(worstFirst);
    const wanted = audits.filter(({ target }) => filter.targets?.some((word) => isNamed(target, word)) ?? true);
    const summary = summarise(wanted);
    const page = pageOf(
      { findings, targets: wanted.map(targetVerdict) },
      { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) },
      summary,
    );
    return { ...page, total: findings.length, summary, ...(asOf !== undefined && { asOf }) };
  }

  @Handles(FindingGet)
  async get(
    { fingerprint }: DataOf<typeof FindingGet>,
    { signal }: QueryDelivery,
  ): Promise<ReplyOf<typeof FindingGet>> {
    const found = this.#all(await this.auditors.current(signal)).filter((finding) =>
      finding.fingerprint.startsWith(fingerprint),
    );
    const [finding] = found;
    if (finding === undefined) throw new FindingUnknown(fingerprint, 'does not exist');
    if (found.length > 1) throw new FindingUnknown(fingerprint, `fits ${found.length} findings; give more of it`);
    const { rows } = await this.archive.findings.list({ fingerprint: finding.fingerprint, limit: 100 });
    const history = rows.flatMap(({ occurrence, transitions }) =>
      transitions.map(({ state, at, reason }) => ({
        at: new Date(at).toISOString(),
        state: FindingState.parse(state),
        occurrence,
        severity: finding.severity,
        ...(reason !== undefined && { reason }),
      })),
    );
    return { finding, history: history.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
  }

  /** Stored findings, and what is unknown now: an unknown verdict has no life to store, but nobody may take its absence for a pass. */
  #all(audits: readonly TargetAudit[]): Listed[] {
    const now = new Date().toISOString();
    const unknown = audits.flatMap((audit) =>
      reportable(audit)
        .filter(({ status }) => status === 'unknown')
        .map((verdict): Listed => ({
          ...findingOf(audit, verdict, { firstSeen: now, lastSeen: now, occurrence: 1 }),
          state: 'open',
        })),
    );
    const stored = this.store.all.map(({ groupId: _groupId, reason: _reason, ...finding }): Listed => finding);
    return [...stored, ...unknown];
  }
}

function matching(filter: Omit<DataOf<typeof FindingList>, 'cursor' | 'limit'>): (finding: Listed) => boolean {
  const states = filter.states ?? ['open'];
  const worst = filter.atLeast === undefined ? SEVERITIES : SEVERITIES.slice(0, SEVERITIES.indexOf(filter.atLeast) + 1);
  return (finding) =>
    states.includes(finding.state) &&
    worst.includes(finding.severity) &&
    (filter.statuses?.includes(finding.status) ?? true) &&
    (filter.primary === undefined || finding.primary === filter.primary) &&
    (filter.checks?.some((glob) => matchesGlob(finding.checkId, glob)) ?? true) &&
    (filter.targets?.some((word) => isNamed(finding.target, word)) ?? true);
}
