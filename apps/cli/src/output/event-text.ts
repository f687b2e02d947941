import {
  AuditCompleted,
  CONTRACTS,
  FindingChanged,
  GapRecorded,
  ResourceChanged,
  ResourceSynced,
  SourceEvents,
  SourceState,
  STANDARD,
  TargetChanged,
  type EventContract,
} from '@seatrial/contracts';
import { formatCount, severityWords } from '@seatrial/report';

/** What a payload of one contract says, in one sentence. */
interface Teller {
  readonly type: string;
  readonly tell: (data: unknown) => string | undefined;
}

/** The event in words; empty for one that this version does not know. */
export function eventText(ceType: string, data: unknown): string {
  const contract = CONTRACTS.find((known) => known.ceType === ceType);
  return TELLERS.find(({ type }) => type === contract?.type)?.tell(data) ?? '';
}

function teller<D>(contract: EventContract<D>, words: (data: D) => readonly (string | undefined)[]): Teller {
  return {
    type: contract.type,
    tell: (data) => {
      const read = contract.tolerant.safeParse(data);
      return read.success ? words(read.data).filter(Boolean).join(' ') : undefined;
    },
  };
}

const TELLERS: readonly Teller[] = [
  teller(FindingChanged, ({ state, severity, checkId, target, reason }) => [
    state,
    severity,
    checkId,
    target.name,
    reason === undefined ? undefined : `(${reason})`,
  ]),
  teller(AuditCompleted, ({ trigger, summary, opened, resolved, partial }) => [
    `${opened} new, ${resolved} resolved;`,
    partial ? 'partial: a source was missing;' : undefined,
    `open: ${severityWords(summary.severity)};`,
    `${formatCount(summary.targets, 'container')}, by ${trigger}`,
  ]),
  teller(SourceState, ({ source, state, code, message }) => [source, state, code, message]),
  teller(ResourceChanged, ({ tgt, changes }) => {
    const [first] = changes;
    const more = changes.length > 1 ? `and ${changes.length - 1} more on ${tgt}` : `on ${tgt}`;
    return [
      first?.op,
      first?.after?.kind ?? first?.before?.kind,
      first?.after?.name ?? first?.before?.name ?? first?.id,
      more,
    ];
  }),
  teller(ResourceSynced, ({ tgt, reason, counts, removed }) => [
    `${tgt} (${reason}):`,
    Object.entries(counts)
      .map(([kind, count]) => formatCount(count, kind))
      .join(', '),
    removed === 0 ? undefined : `${removed} gone`,
  ]),
  teller(SourceEvents, ({ kind, action, resource, tgt }) => [kind, action, resource, `on ${tgt}`]),
  teller(TargetChanged, ({ target, previous }) => [
    target.id,
    previous === undefined ? target.health : `${previous} -> ${target.health}`,
    target.code,
    target.message,
  ]),
  teller(GapRecorded, ({ tgt, state, reason, from }) => [tgt, state, reason, `since ${from}`]),
  ...Object.values(STANDARD).map(({ settled }) =>
    teller(settled, ({ type, outcome, code, message }) => [type, outcome, code, message]),
  ),
];
