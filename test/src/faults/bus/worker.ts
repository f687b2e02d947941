/**
 * A service in its own process, for tests that kill it. Environment: BUS_URL, SEED_FILE, BACK_OFF (ms, comma-separated), CONCURRENCY, ACK_WAIT_MS, DRAIN_MS,
 * DIE_BEFORE (text on the wire, see die-before.ts), READS_EVENTS. What the handler does is said by `reason` of the command:
 *
 *   count      adds one to the counter of its audit id in the bucket, once for each command
 *   fail       throws
 *   die        SIGKILL in the handler
 *   hold       waits for the line `go` on standard input, or for its signal
 *   ignore     waits for the line `go`, whatever its signal says
 *
 * It prints one line of JSON for each call of a handler.
 */
import 'reflect-metadata';

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditStart, IsolationCursors, ResourceChanged, type DataOf } from '@seatrial/contracts';
import { Bus, Handles, RethrowFilter, SeatrialStrategy, type Delivery } from '@seatrial/bus';

import { dieBefore } from './die-before.ts';

const env = process.env as Readonly<Record<string, string>>;
const number = (name: string, otherwise: number): number => Number(env[name] ?? otherwise);
const consumer = { concurrency: number('CONCURRENCY', 8), ackWaitMs: number('ACK_WAIT_MS', 30_000) };
const input = createInterface({ input: process.stdin });
const say = (what: object): boolean => process.stdout.write(`${JSON.stringify(what)}\n`);

const bus = await Bus.connect({
  url: env['BUS_URL'] ?? '',
  as: { service: 'isolation-auditor' },
  seedFile: env['SEED_FILE'] ?? '',
  version: '0.1.0',
});

/** Adds one. The id of the command stands in the same value as the effect, so that both are there or neither. */
async function count(delivery: Delivery): Promise<void> {
  const cursors = bus.bucket(IsolationCursors);
  const key = delivery.subject.split('.').at(-1) ?? '';
  const entry = await cursors.get(key);
  const [n = '0', handled] = entry?.value.eventSince.split(' ') ?? [];
  if (handled === delivery.id) return;
  const next = { eventSince: `${Number(n) + 1} ${delivery.id}`, updatedAt: new Date().toISOString() };
  if (entry === undefined) await cursors.create(key, next);
  else await cursors.update(key, next, entry.revision);
}

async function go(signal?: AbortSignal): Promise<void> {
  for (;;) {
    const [line] = (await once(input, 'line', signal === undefined ? {} : { signal })) as [string];
    if (line === 'go') return;
  }
}

async function act(what: string | undefined, delivery: Delivery): Promise<void> {
  say({ call: what, id: delivery.id, count: delivery.deliveryCount, replayedFrom: delivery.replayedFrom });
  switch (what) {
    case 'count':
      return count(delivery);
    case 'fail':
      throw new Error('told to fail');
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    case 'hold':
      return go(delivery.signal);
    case 'ignore':
      return go();
    default:
  }
}

class Commands {
  @Handles(AuditStart, consumer)
  async start(command: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
    await act(command.reason, delivery);
    say({ done: command.reason, id: delivery.id });
  }
}

class Events {
  @Handles(ResourceChanged, { ...consumer, handler: 'estate-resource-changed' })
  async changed(event: DataOf<typeof ResourceChanged>, delivery: Delivery): Promise<void> {
    await act(event.tgt, delivery);
  }
}

const controllers = env['READS_EVENTS'] === undefined ? [Commands] : [Commands, Events];
for (const controller of controllers) Controller()(controller);
class WorkerModule {}
Module({ controllers })(WorkerModule);

const strategy = new SeatrialStrategy(bus, {
  drainMs: number('DRAIN_MS', 10_000),
  ...(env['BACK_OFF'] === undefined ? {} : { backOffMs: env['BACK_OFF'].split(',').map(Number) }),
});
const app = await NestFactory.createMicroservice(WorkerModule, { strategy, logger: false });
app.useGlobalFilters(new RethrowFilter());
await app.listen();
if (env['DIE_BEFORE'] !== undefined) dieBefore(env['DIE_BEFORE']);
process.once('SIGTERM', () => {
  void app
    .close()
    .then(() => bus.close())
    .then(() => {
      say({ closed: true });
      input.close();
    });
});
say({ ready: true });
