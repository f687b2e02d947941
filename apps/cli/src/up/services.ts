import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STANDARD, type Domain } from '@seatrial/contracts';
import { openBus } from '../connect/open-bus.ts';
import type { BusClient } from '../connect/client.ts';
import type { Layout } from '../layout.ts';
import type { Session } from '../session.ts';
import { busFlags } from './bus-flags.ts';
import { serviceProgram } from './service-program.ts';
import { lastLogLine } from './log-line.ts';
import type { Supervisor } from './supervisor.ts';

/** The services of this version and the domain whose ping they answer. */
export const SERVICES: readonly { readonly name: 'collector' | 'isolation-auditor'; readonly domain: Domain }[] = [
  { name: 'collector', domain: 'estate' },
  { name: 'isolation-auditor', domain: 'isolation' },
];

/** Nest, telemetry and the first connection take some two seconds on two idle cores; a busy machine several times that. */
const ANSWER_MS = 20_000;
/** First pause before a service that died starts again, ms; doubles up to half a minute. */
const RESTART_MS = 1000;
const RESTART_MOST_MS = 30_000;
const PING_EVERY_MS = 100;
const PING_MS = 2000;
/** Time for an ordered stop, ms: a service gives its handlers 8 s and closes its files after that. */
const GRACE_MS = 12_000;

/** What the services of one plane share. */
export interface ServicePlane {
  readonly supervisor: Supervisor;
  readonly busUrl: string;
  readonly layout: Layout;
  readonly session: Session;
  /** Aborts when the plane ends. */
  readonly over: AbortSignal;
}

/** Starts the services side by side. Resolves when each has answered its ping or its time is over; one that is late is still watched. */
export async function startServices(plane: ServicePlane): Promise<void> {
  const { busUrl, layout, session, over } = plane;
  const bus = await openBus(busFlags(busUrl, layout, PING_MS), { ...session, signal: over });
  over.addEventListener('abort', () => void closeQuietly(bus), { once: true });
  if (over.aborted) await closeQuietly(bus); // it ended while the connection was made
  over.throwIfAborted();
  await Promise.all(SERVICES.map((service) => startService(service, plane, bus)));
}

async function startService(
  { name, domain }: (typeof SERVICES)[number],
  plane: ServicePlane,
  bus: BusClient,
): Promise<void> {
  const { supervisor, busUrl, layout, session, over } = plane;
  const logFile = join(layout.logs, `${name}.log`);
  const started = performance.now();
  const { args, env } = serviceProgram(name, busUrl, layout, session.env);
  supervisor.start(
    { name, command: process.execPath, args, env, cwd: layout.root, logFile, graceMs: GRACE_MS },
    (_code, deaths) => {
      void answered(bus, domain, over).then((ok) => ok && supervisor.note(name, { ready: true }));
      return Math.min(RESTART_MS * 2 ** (deaths - 1), RESTART_MOST_MS);
    },
  );
  const answer = answered(bus, domain, over).then((ok) => {
    if (ok) supervisor.note(name, { ready: true, readyMs: performance.now() - started, detail: 'answers' });
    return ok;
  });
  const inTime = await Promise.race([answer, delay(ANSWER_MS, false, { signal: over }).catch(() => false)]);
  over.throwIfAborted();
  if (!inTime)
    supervisor.note(name, { failure: `no answer in ${ANSWER_MS / 1000} s: ${lastLogLine(logFile)} (${logFile})` });
}

/** The plane ends: whatever the bus still says is no news. */
async function closeQuietly(bus: BusClient): Promise<void> {
  try {
    await bus[Symbol.asyncDispose]();
  } catch {
    // Its server may be gone first.
  }
}

/** Asks until the service answers that all its consumers are bound; false when the plane ends first. */
async function answered(bus: BusClient, domain: Domain, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const ready = await bus.ask(STANDARD[domain].ping, {}).then(
      (pong) => pong.ready,
      () => false,
    );
    if (ready) return true;
    await delay(PING_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
