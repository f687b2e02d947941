import type { SeatrialError } from '@seatrial/contracts';
import type { EstateGraph } from '@seatrial/estate';

import { EngineWatchedTwice } from '../errors.ts';

/** Tells the target with the greater id when another one leads to the same engine (its own id, `/info`). Undefined when none does. */
export function twinOf(graph: EstateGraph, tgt: string, engineUuid: string): SeatrialError | undefined {
  for (const record of graph.records)
    if (record.kind === 'engine' && record.uuid === engineUuid && record.tgt < tgt)
      return new EngineWatchedTwice(record.tgt);
  return undefined;
}
