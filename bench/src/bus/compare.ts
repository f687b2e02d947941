import { cpuMs, median } from '../figures.ts';
import type { Operation, Side } from './operation.ts';

/** CPU of this process per message, microseconds, and how ours compares. */
export interface Comparison {
  readonly bareUs: number;
  readonly oursUs: number;
  /** Median over the rounds of ours / bare, each pair measured one right after the other. */
  readonly ratio: number;
}

/**
 * Measures both sides in turn, and every second time in the other order, so that a machine that others load and a heap that grows fall on both alike. The
 * first rounds let the compiler warm up and are thrown away.
 */
export async function compare(operation: Operation, rounds: number, warmUp = 2): Promise<Comparison> {
  const bare: number[] = [];
  const ours: number[] = [];
  const ratios: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const oursFirst = round % 2 !== 0;
    const first = await costUs(operation, oursFirst ? 'ours' : 'bare');
    const second = await costUs(operation, oursFirst ? 'bare' : 'ours');
    if (round < 0) continue;
    const [b, o] = oursFirst ? [second, first] : [first, second];
    bare.push(b);
    ours.push(o);
    ratios.push(o / b);
  }
  return { bareUs: median(bare), oursUs: median(ours), ratio: median(ratios) };
}

async function costUs(operation: Operation, side: Side): Promise<number> {
  const { n } = operation;
  await using round = await operation.begin(side, n);
  return ((await cpuMs(() => round.run())) * 1_000) / n;
}
