export { SeatrialError, type SeatrialErrorOptions } from './errors/seatrial-error.ts';
export { ERROR_CODES, EXIT, errorCode, type Code, type ErrorCode } from './errors/codes.ts';
export {
  DOMAIN_OWNER,
  DOMAINS,
  MAX_BODY_BYTES,
  PERSON_ROLES,
  ROOT,
  SERVICES,
  STREAMS,
  type Domain,
  type Kind,
  type PersonRole,
  type Role,
  type ServiceName,
} from './define/vocabulary.ts';
export { assertToken, checkTokens, fnv1a64, keyToken, SAMPLE_SHARDS, shardOf } from './define/subject.ts';
export { H, HEADERS, type HeaderRow } from './define/headers.ts';
export {
  defineCommand,
  defineEvent,
  defineMetric,
  defineQuery,
  type AnyContract,
  type CommandContract,
  type ContractBase,
  type DataOf,
  type EventContract,
  type Fields,
  type MetricContract,
  type QueryContract,
  type ReplyOf,
  type Shape,
  type SubjectKey,
} from './define/contract.ts';
export {
  defineBucket,
  defineLeaseBucket,
  defineObjectStore,
  type BucketContract,
  type LeaseRecord,
  type ObjectStoreContract,
  type ValueOf,
} from './define/bucket.ts';
export {
  BUCKETS,
  CONTRACTS,
  contractOfSubject,
  contractOfType,
  OBJECT_STORES,
  type SomeCommand,
  type SomeContract,
  type SomeEvent,
  type SomeMetric,
  type SomeQuery,
} from './registry.ts';
export {
  AuditRecord,
  auditSubject,
  deadLetterSubject,
  ErrorReply,
  Outcome,
  STANDARD,
  type CommandSettled,
  type Pong,
  type StandardContracts,
} from './platform/standard.ts';
export {
  Relation,
  RelationType,
  ResourceId,
  ResourceKind,
  ResourceRecord,
  SourceKind,
  TargetHealth,
  TargetId,
  TargetState,
} from './estate/model.ts';
export { batchShapeError, MAX_BATCH_SAMPLES, SampleBatches, type SampleBatch } from './estate/samples.ts';
export { Frames, type Frame } from './estate/frame.ts';
export {
  GapRecorded,
  ResourceChanged,
  ResourceSynced,
  SourceEvents,
  TargetChanged,
  type ResourceChange,
  type SourceEvent,
} from './estate/events.ts';
export {
  MAX_PAGE,
  MetricsCatalogue,
  MetricsHistory,
  MetricsLatest,
  ResourceGet,
  ResourcesList,
  TargetsList,
  Tier,
} from './estate/queries.ts';
export { CollectorLeases, Inventory, TargetStates, Watermarks } from './estate/state.ts';
export {
  AuditMode,
  AuditScope,
  AuditSummary,
  CheckStatus,
  Confidence,
  Evidence,
  Finding,
  FindingState,
  FindingTarget,
  Platform,
  SEVERITIES,
  Severity,
  TargetRef,
  TargetVerdict,
} from './isolation/model.ts';
export { AuditCompleted, AuditStart, FindingChanged, SourceState, type AuditResult } from './isolation/messages.ts';
export { Audit, CheckList, Explain, FindingGet, FindingList } from './isolation/queries.ts';
export { AuditRuns, Findings, IsolationCursors, IsolationLeases } from './isolation/state.ts';
