import 'reflect-metadata';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, SeatrialError, type ServiceName } from '@seatrial/contracts';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BrokerUnreachable, Bus, RethrowFilter, SeatrialStrategy } from '@seatrial/bus';
import type { Registry } from 'prom-client';

import { configText, loadConfig, type ConfigSchema } from './config/load-config.ts';
import type { ServiceSettings } from './config/settings.ts';
import { Health } from './health/health.ts';
import { serveHealth } from './health/health-server.ts';
import { NestLog } from './logging/nest-log.ts';
import { openLog, type ServiceLog } from './logging/service-log.ts';
import { exposeBusMetrics } from './metrics/bus-metrics.ts';
import { openMetrics } from './metrics/process-metrics.ts';
import { rootModule, type ServiceModule } from './root-module.ts';
import { Shutdown, type ShutdownStep } from './shutdown/shutdown.ts';
import { stopTelemetry } from './telemetry/endpoint.ts';

/** What makes a service out of the shared parts. */
export interface ServiceDefinition<C> {
  readonly name: ServiceName;
  /** Semantic version. */
  readonly version: string;
  /** Its settings, a `z.strictObject`; those of every service (`ServiceSettings`) are added. */
  readonly config: ConfigSchema<C>;
  /** Opens what the service needs and returns its Nest module. Runs once, with the bus connected. */
  readonly module: (context: ServiceContext<C>) => ServiceModule | Promise<ServiceModule>;
}

/** What a service gets. */
export interface ServiceContext<C> {
  readonly config: C;
  readonly settings: ServiceSettings;
  readonly bus: Bus;
  readonly log: ServiceLog;
  /** For parts that can be unwell, e.g. the archive. */
  readonly health: Health;
  /** For metrics of the service's own. */
  readonly metrics: Registry;
  /** Runs at the end, when no handler works any more and the bus still takes messages; the first registered is closed last. */
  onClose(name: string, close: () => unknown): void;
  /** Runs once all consumers are bound, before the service says that it is ready: what works by itself (polling, timers) starts here. */
  onBound(start: () => unknown): void;
}

/** Where the settings come from; the process itself unless a test says otherwise. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
}

/** Beyond the time for handlers: closing files and flushing takes moments. */
const CLOSE_SLACK_MS = 2000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * Runs a service until SIGTERM or SIGINT and ends the process with its exit code. Order of the start: settings, log, health server, bus, module, consumers; then
 * the line `{"ready":true,"health":"http://…"}` on standard output. Order of the end: `stopSteps`.
 */
export async function runService<C>(
  definition: ServiceDefinition<C>,
  { env, args }: Surroundings = { env: process.env, args: process.argv.slice(2) },
): Promise<never> {
  const { name, version } = definition;
  const instance = `${hostname()}-${process.pid}`;
  let log = openLog({ service: name, version, instance, level: 'info' });
  let running: RunningService | undefined;
  try {
    const loaded = loadConfig(name, definition.config, { env, args });
    if (loaded.printOnly) {
      process.stdout.write(`${configText(loaded)}\n`, () => process.exit(0));
      return await new Promise(() => {});
    }
    log = openLog({ service: name, version, instance, level: loaded.settings.logLevel });
    running = new RunningService(name, version, instance, log, loaded.settings);
    const stopped = running.untilStopped();
    await Promise.race([running.start(definition, loaded.config), stopped]);
    return process.exit(await stopped);
  } catch (error) {
    const code = error instanceof SeatrialError ? error.code : 'E-INTERNAL';
    log.error({ err: error }, `${code}: ${error instanceof Error ? error.message : String(error)}`);
    await running?.stop();
    return process.exit(errorCode(code).exit);
  }
}

/** One service of this process: what is open, and the order in which it closes. */
class RunningService {
  readonly #name: ServiceName;
  readonly #version: string;
  readonly #instance: string;
  readonly #log: ServiceLog;
  readonly #settings: ServiceSettings;
  readonly #health = new Health();
  readonly #closers: ShutdownStep[] = [];
  readonly #starters: (() => unknown)[] = [];
  readonly #stopping = new AbortController();
  readonly #shutdown: Shutdown;
  #app: INestMicroservice | undefined;
  #strategy: SeatrialStrategy | undefined;
  #bus: Bus | undefined;
  #starting: Promise<void> = Promise.resolve();
  #closeHealth: () => unknown = () => {};

  constructor(name: ServiceName, version: string, instance: string, log: ServiceLog, settings: ServiceSettings) {
    this.#name = name;
    this.#version = version;
    this.#instance = instance;
    this.#log = log;
    this.#settings = settings;
    this.#shutdown = new Shutdown(() => this.#stopSteps(), log, settings.drainSeconds * 1000 + CLOSE_SLACK_MS);
  }

  /** Resolves when the service is ready, or when it was stopped before. */
  start<C>(definition: ServiceDefinition<C>, config: C): Promise<void> {
    this.#starting = this.#start(definition, config);
    return this.#starting;
  }

  async #start<C>(definition: ServiceDefinition<C>, config: C): Promise<void> {
    const settings = this.#settings;
    const metrics = openMetrics({ service: this.#name, version: this.#version }, this.#health);
    this.#health.register('bus', () =>
      this.#bus?.connected === true ? { status: 'ok' } : { status: 'failed', code: BrokerUnreachable.code },
    );
    this.#health.register('consumers', () =>
      this.#strategy?.ready === true
        ? { status: 'ok' }
        : { status: 'failed', code: 'E-BUS-NOT-PROVISIONED', message: 'not all consumers are bound' },
    );
    const server = await serveHealth({
      host: settings.healthHost,
      port: settings.healthPort,
      health: this.#health,
      identity: { service: this.#name, version: this.#version, instance: this.#instance },
      metrics: async () => ({ type: metrics.contentType, text: await metrics.metrics() }),
    });
    this.#closeHealth = () => server[Symbol.asyncDispose]();
    this.#log.info({ health: server.url }, 'health is served; connecting to the bus');

    const bus = await this.#connect();
    if (bus === undefined) return;
    if (this.#shutdown.started) return bus.close();
    this.#bus = bus;
    exposeBusMetrics(metrics, bus.metrics);
    const module = await definition.module({
      config,
      settings,
      bus,
      log: this.#log,
      health: this.#health,
      metrics,
      onClose: (name, close) => void this.#closers.unshift({ name, run: close }),
      onBound: (start) => void this.#starters.push(start),
    });
    this.#strategy = new SeatrialStrategy(bus, { drainMs: settings.drainSeconds * 1000 });
    this.#app = await NestFactory.createMicroservice(rootModule(module, bus, this.#log, this.#health), {
      strategy: this.#strategy,
      logger: new NestLog(this.#log),
      // Nest would end the process itself, without a word of ours.
      abortOnError: false,
    });
    // Without it every error reads "Internal server error".
    this.#app.useGlobalFilters(new RethrowFilter());
    if (this.#shutdown.started) return;
    await this.#app.listen();
    if (this.#shutdown.started) return;
    for (const start of this.#starters) await start();
    process.stdout.write(`${JSON.stringify({ ready: true, health: server.url })}\n`);
    this.#log.info({ health: server.url }, 'ready');
  }

  /** Resolves with the exit code when a signal has ended the service; a second signal does not wait. */
  async untilStopped(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const onSignal = (signal: NodeJS.Signals): void => {
      if (this.#shutdown.started) process.exit(1);
      this.#log.info({ signal }, 'stopping');
      void this.stop().then((clean) => resolve(clean ? 0 : 1));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    // A defect: what is unacknowledged is delivered again, to a process that is in order.
    process.on('uncaughtException', (error) => {
      this.#log.error({ err: error }, `E-INTERNAL: ${error.message}`);
      process.exit(1);
    });
    return promise;
  }

  /** Ends in order, once for all callers. True when every step succeeded. */
  async stop(): Promise<boolean> {
    this.#stopping.abort();
    return this.#shutdown.run();
  }

  /** The order of the end; docs/invariants.md gives the reasons. Lazy: what a start that is under way still opens is closed too. */
  *#stopSteps(): Iterable<ShutdownStep> {
    yield { name: 'readiness off', run: () => this.#health.stopping() };
    // Without a bus nothing is open yet, and the attempt to connect may last.
    if (this.#bus !== undefined) yield { name: 'start', run: () => this.#starting.catch(() => {}) };
    // Nest closes the strategy first (stop pulls, finish work), then calls the hooks of the modules.
    yield { name: 'handlers', run: () => this.#app?.close() };
    yield* this.#closers;
    yield { name: 'bus', run: () => this.#bus?.close() };
    yield { name: 'telemetry', run: stopTelemetry };
    yield { name: 'health server', run: () => this.#closeHealth() };
  }

  /** Connects however long it takes: a bus that comes later is no reason to die. A refusal is. Undefined when the service is stopped before. */
  async #connect(): Promise<Bus | undefined> {
    const { bus: url, creds } = this.#settings;
    for (let pause = FIRST_PAUSE_MS; !this.#stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await Bus.connect({
          url,
          as: { service: this.#name },
          version: this.#version,
          instance: this.#instance,
          log: this.#log,
          ...(creds !== undefined && { seedFile: creds }),
        });
      } catch (error) {
        if (!(error instanceof BrokerUnreachable)) throw error;
        this.#log.warn({ err: error, againMs: pause }, 'the bus does not answer; trying again');
        await delay(pause, undefined, { signal: this.#stopping.signal }).catch(() => {});
      }
    }
    return undefined;
  }
}
