import { DiscardPolicy, RetentionPolicy, StorageType, StoreCompression, type StreamConfig } from '@nats-io/jetstream';
import {
  BUCKETS,
  OBJECT_STORES,
  ROOT,
  STREAMS,
  type BucketContract,
  type ObjectStoreContract,
} from '@seatrial/contracts';

/** The part of a stream's configuration that we decide; the server fills in the rest. Durations are ns, sizes bytes. */
export type StreamPlan = Pick<
  StreamConfig,
  | 'name'
  | 'description'
  | 'subjects'
  | 'retention'
  | 'storage'
  | 'discard'
  | 'max_age'
  | 'max_bytes'
  | 'max_msgs_per_subject'
  | 'duplicate_window'
  | 'deny_delete'
  | 'deny_purge'
  | 'allow_rollup_hdrs'
  | 'allow_direct'
  | 'compression'
  | 'num_replicas'
>;

const NS_PER_MS = 1_000_000;
const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;
/** A repeated id inside this window is dropped. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;

const base = {
  storage: StorageType.File,
  compression: StoreCompression.None,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  num_replicas: 1,
  max_age: 0,
  max_bytes: -1,
  max_msgs_per_subject: -1,
  duplicate_window: DUPLICATE_WINDOW_MS * NS_PER_MS,
  deny_delete: false,
  deny_purge: false,
  allow_rollup_hdrs: false,
  // Nobody may ask by DIRECT.GET: its reply subject is not permission-checked (ADR 7), so no stream offers it.
  allow_direct: false,
} as const;

/** The five streams. Subjects take every major version. */
export const STREAM_PLANS: readonly StreamPlan[] = [
  {
    ...base,
    name: STREAMS.cmd,
    description: 'Commands, until they are handled',
    subjects: [`${ROOT}.cmd.>`],
    retention: RetentionPolicy.Workqueue,
    // A full queue refuses the sender; it never forgets what it has accepted.
    discard: DiscardPolicy.New,
    max_bytes: 128 * MIB,
  },
  {
    ...base,
    name: STREAMS.evt,
    description: 'Events, 7 days',
    subjects: [`${ROOT}.evt.>`],
    max_age: 7 * DAY_MS * NS_PER_MS,
  },
  {
    ...base,
    name: STREAMS.met,
    description: 'Metrics, 2 hours',
    subjects: [`${ROOT}.met.>`],
    max_age: 2 * 3_600_000 * NS_PER_MS,
    max_bytes: 512 * MIB,
  },
  {
    ...base,
    name: STREAMS.dlq,
    description: 'Messages that could not be handled, 30 days',
    subjects: [`${ROOT}.dlq.>`],
    max_age: 30 * DAY_MS * NS_PER_MS,
  },
  {
    ...base,
    name: STREAMS.aud,
    description: 'One record a settled command, 90 days, append only',
    subjects: [`${ROOT}.aud.>`],
    max_age: 90 * DAY_MS * NS_PER_MS,
    deny_delete: true,
    deny_purge: true,
  },
];

/** The stream behind a key-value bucket (ADR-8 of NATS), without direct access. */
export function bucketPlan(contract: BucketContract<never>): StreamPlan {
  return {
    ...base,
    name: `KV_${contract.bucket}`,
    description: contract.doc,
    subjects: [`$KV.${contract.bucket}.>`],
    discard: DiscardPolicy.New,
    max_age: contract.maxAgeMs * NS_PER_MS,
    max_msgs_per_subject: contract.history,
    duplicate_window: duplicateWindow(contract.maxAgeMs),
    deny_delete: true,
    allow_rollup_hdrs: true,
  };
}

/** The stream behind an object store (ADR-20 of NATS), without direct access. */
export function objectStorePlan(contract: ObjectStoreContract): StreamPlan {
  return {
    ...base,
    name: `OBJ_${contract.store}`,
    description: contract.doc,
    subjects: [`$O.${contract.store}.C.>`, `$O.${contract.store}.M.>`],
    discard: DiscardPolicy.New,
    max_age: contract.maxAgeMs * NS_PER_MS,
    duplicate_window: duplicateWindow(contract.maxAgeMs),
    allow_rollup_hdrs: true,
  };
}

/** Everything that is a stream on the server, generated from the registry. */
export const ALL_STREAM_PLANS: readonly StreamPlan[] = [
  ...STREAM_PLANS,
  ...BUCKETS.map(bucketPlan),
  ...OBJECT_STORES.map(objectStorePlan),
];

/** The server refuses a duplicate window that is longer than the age of the messages. */
function duplicateWindow(maxAgeMs: number): number {
  return Math.min(DUPLICATE_WINDOW_MS, maxAgeMs || DUPLICATE_WINDOW_MS) * NS_PER_MS;
}
