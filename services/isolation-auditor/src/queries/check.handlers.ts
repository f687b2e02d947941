import { Handles, type QueryDelivery, uuidv7 } from '@seatrial/bus';
import { CheckList, Explain, type DataOf, type ReplyOf } from '@seatrial/contracts';
import { checkById, checkRows, explainVerdict } from '@seatrial/isolation';
import { Controller } from '@nestjs/common';

import { Auditors } from '../audit/auditors.ts';
import { oneOf } from '../audit/scope.ts';

/** Answers what is checked and why a verdict is as it is. */
@Controller()
export class CheckHandlers {
  constructor(private readonly auditors: Auditors) {}

  @Handles(CheckList)
  async list(): Promise<ReplyOf<typeof CheckList>> {
    return { checks: checkRows().map((row) => ({ ...row, maps: [...row.maps], subsumedBy: [...row.subsumedBy] })) };
  }

  @Handles(Explain)
  async explain(
    { checkId, target }: DataOf<typeof Explain>,
    { signal }: QueryDelivery,
  ): Promise<ReplyOf<typeof Explain>> {
    checkById(checkId);
    const { audits } = await this.auditors.run({
      auditId: uuidv7(),
      trigger: 'query',
      scope: {},
      mode: 'effective',
      signal,
    });
    return explainVerdict(oneOf(audits, target), checkId);
  }
}
