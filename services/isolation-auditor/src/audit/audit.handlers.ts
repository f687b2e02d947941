import type { Archive } from '@seatrial/archive';
import { type Delivery, Handles, type QueryDelivery, Rejected, uuidv7 } from '@seatrial/bus';
import { Audit, AuditStart, type DataOf, type ReplyOf } from '@seatrial/contracts';
import { auditReport } from '@seatrial/isolation';
import { Controller, Inject } from '@nestjs/common';

import { ARCHIVE, untilStored } from '../archive.ts';
import { ContainerIdInvalid, ContainerUnknown, EnginesUnreachable } from '../errors.ts';
import { firstPage } from '../queries/page.ts';
import { AuditRunLog } from './audit-run-log.ts';
import { Auditors } from './auditors.ts';

/** Audits on demand. */
@Controller()
export class AuditHandlers {
  constructor(
    private readonly auditors: Auditors,
    private readonly runs: AuditRunLog,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  @Handles(AuditStart, { concurrency: 2 })
  async start(command: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
    // A dead letter that is replayed is still the command that it was.
    const run = await this.runs.claim(command.auditId, delivery.replayedFrom ?? delivery.id);
    if (run.state === 'foreign') {
      delivery.settle('duplicate', { message: `audit ${command.auditId} was asked for before by another command` });
      return;
    }
    // This very command came again after its audit had ended: all that was left was to say so.
    if (run.state === 'completed') return;
    const { result } = await this.#audit(command, delivery).catch(async (error: unknown) => {
      if (error instanceof Rejected) await run.release();
      throw error;
    });
    const row = { id: command.auditId, at: Date.now(), platform: 'docker', document: { ...result } };
    await untilStored(() => this.archive.auditRuns.append([row]), delivery.signal);
    await run.complete();
  }

  @Handles(Audit)
  async audit({ scope, mode }: DataOf<typeof Audit>, { signal }: QueryDelivery): Promise<ReplyOf<typeof Audit>> {
    const { audits, result } = await this.auditors.run({ auditId: uuidv7(), trigger: 'query', scope, mode, signal });
    const report = auditReport(audits, new Date().toISOString());
    return firstPage({ ...report, summary: result.summary });
  }

  async #audit(
    { auditId, scope, mode, checks }: DataOf<typeof AuditStart>,
    delivery: Delivery,
  ): ReturnType<Auditors['run']> {
    try {
      return await this.auditors.run({
        auditId,
        trigger: 'command',
        scope,
        mode,
        signal: delivery.signal,
        delivery,
        ...(checks !== undefined && { checks }),
      });
    } catch (error) {
      // The sender waits: it learns now that there is nothing to audit, not after the last of five tries.
      if (
        error instanceof EnginesUnreachable ||
        error instanceof ContainerUnknown ||
        error instanceof ContainerIdInvalid
      )
        throw new Rejected(error.message, {
          code: error.code,
          cause: error,
          details: error.details,
          ...(error.hint !== undefined && { hint: error.hint }),
        });
      throw error;
    }
  }
}
