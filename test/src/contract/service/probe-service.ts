import { Controller, Inject, Module } from '@nestjs/common';
import { Bus, Handles, Unrecoverable, type Delivery } from '@seatrial/bus';
import { AuditCompleted, AuditStart, type DataOf } from '@seatrial/contracts';
import { runService, SERVICE_LOG, type ServiceContext, type ServiceLog } from '@seatrial/service';
import { z } from 'zod';

/*
 * A service with one handler that a test steers by lines on its standard input. It carries the name of a real service, because users of the bus exist only
 * for those.
 */

const config = z.strictObject({
  /** Text that a closer prints at the end. */
  farewell: z.string().default('closed'),
  interval: z.number().positive().default(10),
  engines: z.array(z.strictObject({ id: z.string(), url: z.string() })).default([]),
  archivePassword: z.string().exactOptional(),
});

/** Released by the line `finish`. */
const finish = Promise.withResolvers<void>();
let degraded = false;
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  if (text.includes('finish')) finish.resolve();
  if (text.includes('degrade')) degraded = true;
});
// It must not keep the process alive.
process.stdin.unref();

@Controller()
class ProbeHandlers {
  readonly #bus: Bus;
  readonly #log: ServiceLog;
  constructor(@Inject(Bus) bus: Bus, @Inject(SERVICE_LOG) log: ServiceLog) {
    this.#bus = bus;
    this.#log = log;
  }

  @Handles(AuditStart)
  async start(command: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
    if (command.reason === 'fail') throw new Unrecoverable('the probe was told to fail', { code: 'E-INTERNAL' });
    if (command.reason === 'log') this.#log.warn({ password: 'planted-in-field', err: new Error('noted') }, 'a note');
    if (command.reason?.startsWith('http:') === true) await (await fetch(command.reason)).text();
    if (command.reason !== 'wait') return;
    console.log('working');
    await finish.promise;
    await this.#bus.publish(AuditCompleted, completed(command), { cause: delivery });
    console.log('worked');
  }
}

function completed(command: DataOf<typeof AuditStart>): DataOf<typeof AuditCompleted> {
  return {
    platform: 'docker',
    auditId: command.auditId,
    trigger: 'command',
    scope: command.scope,
    summary: { targets: 0, status: {}, severity: {}, groups: 0 },
    opened: 0,
    resolved: 0,
    missedEvents: 0,
    durationMs: 0,
    cpuMs: 0,
    unknownReasons: {},
    partial: false,
  };
}

@Module({ controllers: [ProbeHandlers] })
class ProbeModule {}

function probe(context: ServiceContext<z.infer<typeof config>>): typeof ProbeModule {
  const { farewell } = context.config;
  context.health.register('archive', () =>
    degraded ? { status: 'degraded', code: 'E-ARCHIVE-FULL', message: 'no room' } : { status: 'ok' },
  );
  context.onClose('first opened', () => console.log(`${farewell} last`));
  context.onClose('second opened', () => console.log(`${farewell} first`));
  return ProbeModule;
}

await runService({ name: 'isolation-auditor', version: '1.2.3', config, module: probe });
