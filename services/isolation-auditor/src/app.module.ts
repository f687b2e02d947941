import { openArchiveLate } from '@seatrial/archive';
import type { DynamicModule } from '@nestjs/common';
import { AuditLogKeeper, type ServiceContext } from '@seatrial/service';

import { ARCHIVE } from './archive.ts';
import { AuditHandlers } from './audit/audit.handlers.ts';
import { AuditRunLog } from './audit/audit-run-log.ts';
import { Auditors } from './audit/auditors.ts';
import { EngineAuditor } from './audit/engine-auditor.ts';
import { EngineWatch } from './audit/engine-watch.ts';
import type { AuditorConfig } from './config.ts';
import { openEngine } from './engines/open-engine.ts';
import { readOrMakeSalt } from './evidence/salt.ts';
import { FindingArchiveHandlers } from './findings/finding-archive.handlers.ts';
import { FindingStore } from './findings/finding-store.ts';
import { AuditorMetrics } from './metrics.ts';
import { CheckHandlers } from './queries/check.handlers.ts';
import { FindingHandlers } from './queries/finding.handlers.ts';
import { ArchiveUpkeep } from './upkeep/archive-upkeep.ts';
import { auditLogPosition } from './upkeep/audit-log-position.ts';

class AuditorModule {}

/**
 * Opens what the auditor needs, in this order: archive, salt, stored findings; then the consumers are bound; then the engines are watched. It ends the other way round.
 * @throws what `openArchiveLate` throws, SaltUnreadable, EngineUrlInvalid
 */
export async function auditorModule(context: ServiceContext<AuditorConfig>): Promise<DynamicModule> {
  const { config, bus, log, health } = context;
  const archive = await openArchiveLate(config.archive);
  context.onClose('archive', () => archive.close());
  const salt = await readOrMakeSalt(config.saltFile);
  const store = await FindingStore.open(bus);
  context.onClose('findings', () => store[Symbol.asyncDispose]());
  const metrics = new AuditorMetrics(context.metrics, store);

  const watches = config.engines.map((configured) => {
    const { id, engine, reader } = openEngine(configured, { hostProc: config.hostProc, salt });
    context.onClose(`engine ${id}`, () => engine[Symbol.asyncDispose]());
    const auditor = new EngineAuditor({
      id,
      reader,
      store,
      allow: { paths: config.allowPaths, cgroupParents: config.allowCgroupParents },
      onUnread: (unread) => {
        metrics.unread(unread);
        log.warn({ err: unread.error, engine: id, container: unread.id }, 'a container could not be read');
      },
    });
    const watch = new EngineWatch({
      bus,
      engine,
      auditor,
      store,
      log,
      reconcileS: config.reconcileInterval,
      onLook: (changes, ms) => metrics.looked(changes, ms),
      onCompleted: (result) => metrics.completed(result),
    });
    context.onClose(`watch ${id}`, () => watch.stop());
    context.onBound(() => watch.start());
    health.register(`engine ${id}`, () => partOf(watch.fault));
    return { watch, auditor };
  });

  const upkeep = new ArchiveUpkeep({ archive, url: config.archive, store, bus, log });
  context.onClose('upkeep', () => upkeep.stop());
  context.onBound(() => upkeep.start());
  health.register('archive', () =>
    partOf(upkeep.health.status === 'ok' ? undefined : { code: 'E-ARCHIVE-IO', ...upkeep.health }),
  );

  const keeper = new AuditLogKeeper({
    bus,
    domain: 'isolation',
    store: archive.auditLog,
    position: auditLogPosition(bus),
    log,
  });
  context.onClose('audit log', () => keeper.stop());
  context.onBound(() => keeper.start());

  const auditors = new Auditors(
    bus,
    watches.map(({ auditor }) => auditor),
    (result) => metrics.completed(result),
  );
  return {
    module: AuditorModule,
    controllers: [AuditHandlers, FindingArchiveHandlers, FindingHandlers, CheckHandlers],
    providers: [
      { provide: Auditors, useValue: auditors },
      { provide: AuditRunLog, useValue: new AuditRunLog(bus) },
      { provide: FindingStore, useValue: store },
      { provide: ARCHIVE, useValue: archive },
    ],
  };
}

/** What is promised waits, but queries are answered: degraded, not failed. */
function partOf(
  fault: { readonly code: string; readonly message?: string } | undefined,
): { readonly status: 'ok' } | { readonly status: 'degraded'; readonly code: string; readonly message?: string } {
  if (fault === undefined) return { status: 'ok' };
  return { status: 'degraded', code: fault.code, ...(fault.message !== undefined && { message: fault.message }) };
}
