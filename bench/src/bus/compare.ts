import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { cpuMs, quantile } from '../figures.ts';
import type { Operation, Side } from './operation.ts';

/** CPU of this process per message, microseconds, and how ours compares. */
export interface Comparison {
  readonly bareUs: number;
  readonly oursUs: number;
  /** oursUs / bareUs */
  readonly ratio: number;
}

/** Rounds that are thrown away: a service runs for days, so what the compiler does in the first second is not its cost. */
const WARM_UP = 8;

/**
 * Measures both sides in turn, every second time in the other order and each from a clean heap, so that neither pays for the other's garbage. The lower
 * quartile of the rounds counts: what other programs do to this machine only ever adds.
 */
export async function compare(operation: Operation, rounds: number): Promise<Comparison> {
  const costs: Record<Side, number[]> = { bare: [], ours: [] };
  for (let round = -WARM_UP; round < rounds; round++) {
    const sides: readonly Side[] = round % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare'];
    for (const side of sides) {
      const cost = await costUs(operation, side);
      if (round >= 0) costs[side].push(cost);
    }
  }
  const bareUs = quantile(costs.bare, 0.25);
  const oursUs = quantile(costs.ours, 0.25);
  return { bareUs, oursUs, ratio: oursUs / bareUs };
}

async function costUs(operation: Operation, side: Side): Promise<number> {
  const { n } = operation;
  await using round = await operation.begin(side, n);
  collectGarbage();
  return ((await cpuMs(() => round.run())) * 1_000) / n;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
