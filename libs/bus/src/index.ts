export { Bus } from './bus.ts';
export { type BusOptions } from './connection/options.ts';
export { type BusLog } from './connection/log.ts';
export { type BusStatus } from './connection/status.ts';
export { BusMetrics, Histogram, Series, type HistogramValues } from './connection/metrics.ts';
export { type Ack, type PublishOptions } from './publish/publish.ts';
export { type ExecuteOptions } from './publish/execute.ts';
export { type RequestOptions } from './query/request.ts';
export { type LiveOptions } from './read/live.ts';
export { type InvalidReceived, type RawReceived, type Received } from './read/received.ts';
export { type ReadOptions, type StreamName } from './read/stored.ts';
export { Bucket, type BucketOptions, type Change, type Entry, type WatchOptions } from './state/bucket.ts';
export { type MonotonicClock } from './state/clock.ts';
export { type HeldLease } from './state/held-lease.ts';
export { type LeaseOptions } from './state/lease-options.ts';
export { Lease } from './state/lease.ts';
export { MAX_OBJECT_BYTES, ObjectStore } from './state/object-store.ts';
export { type DiscoverOptions, type ServiceEndpoint, type ServiceInfo } from './discovery/discover.ts';
export { uuidv7 } from './ids.ts';
export { traceIdOf } from './trace/spans.ts';
export {
  BrokerTooOld,
  BrokerUnreachable,
  BusClosed,
  BusConfigError,
  CredentialsRefused,
  CredentialsRequired,
  DeadlinePassed,
  LeaseLost,
  NoResponder,
  NotProvisioned,
  NotStored,
  ObjectDamaged,
  PayloadInvalid,
  PayloadTooLarge,
  PublishRefused,
  RemoteError,
  RevisionConflict,
  SubscribeRefused,
} from './errors.ts';
export { durableName } from './handling/binding.ts';
export { type ConsumerOptions } from './handling/consumer-options.ts';
export { type Delivery, type QueryDelivery } from './handling/delivery.ts';
export { Rejected, Unrecoverable } from './handling/refusal.ts';
export { Handles, type HandlesOptions } from './nest/handles.ts';
export { RethrowFilter } from './nest/rethrow-filter.ts';
export { SeatrialStrategy } from './nest/strategy.ts';
