import { type BucketContract, type ObjectStoreContract } from './define/bucket.ts';
import type { CommandContract, EventContract, MetricContract, QueryContract } from './define/contract.ts';
import { DOMAINS } from './define/vocabulary.ts';
import { GapRecorded, ResourceChanged, ResourceSynced, SourceEvents, TargetChanged } from './estate/events.ts';
import { Frames } from './estate/frame.ts';
import {
  MetricsCatalogue,
  MetricsHistory,
  MetricsLatest,
  ResourceGet,
  ResourcesList,
  TargetsList,
} from './estate/queries.ts';
import { SampleBatches } from './estate/samples.ts';
import { CollectorLeases, Inventory, TargetStates, Watermarks } from './estate/state.ts';
import { AuditCompleted, AuditStart, FindingChanged, SourceState } from './isolation/messages.ts';
import { Audit, CheckList, Explain, FindingGet, FindingList } from './isolation/queries.ts';
import { AuditRuns, Findings, IsolationCursors, IsolationLeases } from './isolation/state.ts';
import { STANDARD } from './platform/standard.ts';

/** A contract whose payload type is not known statically. */
export type SomeCommand = CommandContract<never>;
export type SomeEvent = EventContract<never>;
export type SomeQuery = QueryContract<never, never>;
export type SomeMetric = MetricContract<never>;
export type SomeContract = SomeCommand | SomeEvent | SomeQuery | SomeMetric;

const standard = DOMAINS.flatMap((domain) => [
  STANDARD[domain].ping,
  STANDARD[domain].settled,
  STANDARD[domain].replay,
]);

/** Every message that crosses the bus. Permissions, AsyncAPI, JSON Schemas and the reference are generated from this list. */
export const CONTRACTS = [
  SampleBatches,
  Frames,
  ResourceChanged,
  ResourceSynced,
  SourceEvents,
  TargetChanged,
  GapRecorded,
  TargetsList,
  ResourcesList,
  ResourceGet,
  MetricsLatest,
  MetricsHistory,
  MetricsCatalogue,
  AuditStart,
  FindingChanged,
  AuditCompleted,
  SourceState,
  Audit,
  FindingList,
  FindingGet,
  Explain,
  CheckList,
  ...standard,
] as unknown as readonly SomeContract[];

export const BUCKETS = [
  Inventory,
  TargetStates,
  Watermarks,
  CollectorLeases,
  Findings,
  IsolationCursors,
  AuditRuns,
  IsolationLeases,
] as unknown as readonly BucketContract<never>[];

export const OBJECT_STORES: readonly ObjectStoreContract[] = [];

/** The contract of a concrete subject, or undefined. */
export function contractOfSubject(subject: string): SomeContract | undefined {
  return CONTRACTS.find((contract) =>
    contract.key === undefined ? subject === contract.subject : subject.startsWith(`${contract.subject}.`),
  );
}

/** The contract of a type `<domain>.<name>` (any kind), or undefined. */
export function contractOfType(type: string): SomeContract | undefined {
  return CONTRACTS.find((contract) => contract.type === type);
}
