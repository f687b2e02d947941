import type {
  BucketContract,
  CommandContract,
  CommandSettled,
  EventContract,
  LeaseRecord,
  MetricContract,
  ObjectStoreContract,
  QueryContract,
  SomeContract,
} from '@seatrial/contracts';

import { Connection } from './connection/connection.ts';
import type { BusMetrics } from './connection/metrics.ts';
import type { BusOptions } from './connection/options.ts';
import { discover, type DiscoverOptions, type ServiceInfo } from './discovery/discover.ts';
import { execute, type ExecuteOptions } from './publish/execute.ts';
import { publish, type Ack, type PublishOptions } from './publish/publish.ts';
import { request, type RequestOptions } from './query/request.ts';
import { liveMessages, liveRaw, type LiveOptions } from './read/live.ts';
import type { RawReceived, Received } from './read/received.ts';
import { storedMessages, storedRaw, type ReadOptions, type StreamName } from './read/stored.ts';
import { Bucket, type BucketOptions } from './state/bucket.ts';
import type { LeaseOptions } from './state/lease-options.ts';
import { Lease } from './state/lease.ts';
import { ObjectStore } from './state/object-store.ts';

/**
 * The bus: the only way between two services. One a process. Everything that is awaited here ends with an error of `@seatrial/contracts` (`SeatrialError`),
 * or with the reason of the signal that was given.
 */
export class Bus {
  /** What the Nest strategy builds on; services have no use for it. */
  readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Connects, and from then on reconnects for ever. @throws BrokerUnreachable, CredentialsRefused, CredentialsRequired, BrokerTooOld, BusConfigError */
  static async connect(options: BusOptions): Promise<Bus> {
    return new Bus(await Connection.open(options));
  }

  /** Name of this process among those of its service. */
  get instance(): string {
    return this.connection.instance;
  }
  /** True while the server is connected. */
  get connected(): boolean {
    return this.connection.connected;
  }
  /** What the bus counted, for `/metrics`. */
  get metrics(): BusMetrics {
    return this.connection.metrics;
  }

  /**
   * Publishes an event or a metric and waits until it is stored. Repeated with the same id over a lost connection until the deadline or the signal.
   * @throws PayloadInvalid, PayloadTooLarge (both before anything is sent), PublishRefused, NotProvisioned, NotStored, DeadlinePassed, BusClosed
   */
  publish<D>(contract: EventContract<D> | MetricContract<D>, data: D, options?: PublishOptions): Promise<Ack> {
    return publish(this.connection, contract, data, options);
  }

  /** Sends a command and waits until it is stored; how it ends tells its `command-settled`. @throws as `publish` */
  send<D>(contract: CommandContract<D>, data: D, options?: PublishOptions): Promise<Ack> {
    return publish(this.connection, contract, data, options);
  }

  /** Sends a command and waits for its `command-settled`. A rejected command is no error here: look at `outcome`. @throws DeadlinePassed, and as `publish` */
  execute<D>(contract: CommandContract<D>, data: D, options?: ExecuteOptions): Promise<CommandSettled> {
    return execute(this.connection, contract, data, options);
  }

  /** Asks a query. @throws NoResponder, DeadlinePassed, RemoteError, PayloadInvalid, PublishRefused, BusClosed */
  request<D, R>(contract: QueryContract<D, R>, data: D, options?: RequestOptions): Promise<R> {
    return request(this.connection, contract, data, options);
  }

  /** Events or metrics from now on, at most once; listens from the first `next()` on. Ends with the signal and with the bus. @throws SubscribeRefused */
  subscribe<D>(
    contract: EventContract<D> | MetricContract<D>,
    options: LiveOptions & { /** Subject under the contract's filter. */ readonly filter?: string } = {},
  ): AsyncIterable<Received<D>> {
    return liveMessages<D>(
      this.connection,
      contract as unknown as SomeContract,
      options.filter ?? contract.filter,
      options,
    );
  }

  /** Messages on any subject from now on, undecoded. @throws SubscribeRefused */
  subscribeRaw(subject: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<RawReceived> {
    return liveRaw(this.connection, subject, options);
  }

  /** Stored events or metrics in order and without gaps. @throws SubscribeRefused, NotProvisioned */
  read<D>(contract: EventContract<D> | MetricContract<D>, options: ReadOptions): AsyncIterable<Received<D>> {
    return storedMessages(this.connection, contract, options);
  }

  /** Stored messages of a stream in order and without gaps, undecoded. @throws SubscribeRefused, NotProvisioned */
  readRaw(stream: StreamName, options: ReadOptions & { readonly filter: string }): AsyncIterable<RawReceived> {
    return storedRaw(this.connection, stream, options);
  }

  /** A key-value bucket. Nothing is sent before it is used. */
  bucket<V>(contract: BucketContract<V>, options?: BucketOptions): Bucket<V> {
    return new Bucket(this.connection, contract, options);
  }

  /** A right that one process has at a time. @throws BusConfigError */
  lease(contract: BucketContract<LeaseRecord>, key: string, options?: LeaseOptions): Lease {
    return Lease.of(this.connection, contract, key, options);
  }

  /** An object store. Nothing is sent before it is used. */
  store(contract: ObjectStoreContract): ObjectStore {
    return new ObjectStore(this.connection, contract);
  }

  /** Every service instance that answers within the time. */
  discover(options?: DiscoverOptions): Promise<ServiceInfo[]> {
    return discover(this.connection, options);
  }

  /** Resolves when the server has everything that was sent before. @throws BusClosed */
  async flush(): Promise<void> {
    await this.connection.whenConnected();
    await this.connection.nc.flush();
  }

  /** Idempotent, one promise for all callers: take nothing new, finish work, flush, drain. */
  close(): Promise<void> {
    return this.connection.close();
  }

  /** Runs before the connection is drained: `stop` takes nothing new, `finish` ends what is held. Returns what takes it out again. */
  onClose(stage: 'stop' | 'finish', closer: () => unknown): () => void {
    return this.connection.onClose(stage, closer);
  }
}
