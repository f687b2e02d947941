import { STREAMS, type SomeContract, type SomeQuery } from '@seatrial/contracts';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

import type { Bus } from '../bus.ts';
import { BusConfigError } from '../errors.ts';
import { durableName, type QueryBinding, type StoredContract, type StreamBinding } from '../handling/binding.ts';
import { compileConsumerOptions } from '../handling/consumer-options.ts';
import { HandlerServer, type HandlerServerOptions } from '../handling/handler-server.ts';
import { MARK, type HandlerMark } from './handles.ts';

/**
 * Nest transport of a service: collects what `@Handles` declared and runs it on the bus.
 * @example app.connectMicroservice({ strategy: new SeatrialStrategy(bus) })
 */
export class SeatrialStrategy extends Server implements CustomTransportStrategy {
  /** Else Nest swallows what an event handler throws. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #bus: Bus;
  readonly #options: HandlerServerOptions;
  #server: HandlerServer | undefined;

  constructor(bus: Bus, options: HandlerServerOptions = {}) {
    super();
    this.#bus = bus;
    this.#options = options;
  }

  /** True while all consumers are bound. */
  get ready(): boolean {
    return this.#server?.ready ?? false;
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    // Nest would chain a second event handler to the first and let a second query handler replace it.
    if (this.messageHandlers.has(this.normalizePattern(pattern as string)))
      throw new BusConfigError(
        '@Handles',
        `two handlers are declared for ${String(pattern)}; name their durables with handler or role`,
      );
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async #listen(): Promise<void> {
    const { connection } = this.#bus;
    const { service } = connection.identity;
    if (service === undefined) throw new BusConfigError('as', 'only a service handles messages');
    const streams: StreamBinding[] = [];
    const queries: QueryBinding[] = [];
    for (const [pattern, handler] of this.messageHandlers) {
      const mark = (handler.extras as Record<string, unknown> | undefined)?.[MARK] as HandlerMark | undefined;
      if (mark === undefined) throw new BusConfigError('handler', `${pattern} is declared without @Handles`);
      const { options } = mark;
      const contract = mark.contract as unknown as SomeContract;
      const handle = (data: unknown, delivery: unknown): Promise<unknown> => outcomeOf(handler, data, delivery);
      if (contract.kind === 'rpc') queries.push({ contract: contract as SomeQuery, handle });
      else
        streams.push({
          contract: contract as StoredContract,
          stream: STREAMS[contract.kind],
          durable: durableName(service, options.handler ?? contract.name, options.role),
          options: compileConsumerOptions(options),
          handle,
        });
    }
    this.#server = new HandlerServer(connection, service, streams, queries, this.#options);
    await this.#server.start();
  }

  /** Stops in order; the connection stays open for what other parts still publish. */
  async close(): Promise<void> {
    await this.#server?.stop();
  }

  /** Nest's events of a transport; the bus reports its status itself (`BusOptions.onStatus`). */
  on(): void {}

  unwrap<T>(): T {
    return this.#bus as T;
  }
}

/** What a handler returned, after interceptors and filters. */
async function outcomeOf(handler: MessageHandler, data: unknown, delivery: unknown): Promise<unknown> {
  const out: unknown = await handler(data, delivery);
  return isObservable(out) ? lastValueFrom(out, { defaultValue: undefined }) : out;
}
