import { ArchiveInvalid } from '../errors.ts';
import type { RangeQuery, Tier } from '../port/samples.ts';

export const MINUTE_MS = 60_000;
export const FIVE_MS = 300_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Distance of slots, ms, finest first. Native samples keep their own times. */
const TIERS: readonly { readonly tier: Tier; readonly stepMs: number }[] = [
  { tier: 'native', stepMs: 0 },
  { tier: '60s', stepMs: MINUTE_MS },
  { tier: '5m', stepMs: FIVE_MS },
  { tier: '1h', stepMs: HOUR_MS },
];

/** Intervals from here on, s, are roll-ups of their source: they go to the 5 m tier directly. */
export const DIRECT_INTERVAL_S = 300;

/** Most points of one series in one answer (Prometheus draws the same line). */
const MAX_POINTS = 11_000;

/** Start of the UTC hour, epoch ms. */
export const hourOf = (t: number): number => t - modulo(t, HOUR_MS);
/** Start of the UTC day, epoch ms. */
export const dayOf = (t: number): number => t - modulo(t, DAY_MS);
/** Start of the UTC month, epoch ms. */
export function monthOf(t: number): number {
  const date = new Date(t);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}
/** Start of the UTC month after. */
export function monthAfter(t: number): number {
  const date = new Date(t);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** What `planRange` decides: where to read and how to bucket. `stepMs` 0 means raw. */
export interface RangePlan {
  readonly tier: Tier;
  readonly stepMs: number;
  readonly from: number;
  readonly to: number;
}

/** How far back each tier reaches, ms. */
export type Reach = Readonly<Record<Tier, number>>;

/** Points that `auto` aims at. */
const WANTED_POINTS = 600;
/** Windows up to here are shown raw by `auto`, ms. */
const RAW_WINDOW_MS = 30 * MINUTE_MS;
const NICE_STEPS_MS = [
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  FIVE_MS,
  2 * FIVE_MS,
  3 * FIVE_MS,
  6 * FIVE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];

/** Chooses tier and step for a query and aligns its window. @throws ArchiveInvalid */
export function planRange(
  query: Pick<RangeQuery, 'from' | 'to' | 'step' | 'tier'>,
  now: number,
  reach: Reach,
): RangePlan {
  const { from, to, step = 'auto', tier = 'auto' } = query;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to)
    throw new ArchiveInvalid('from and to must be epoch ms with from < to');
  if (typeof step === 'number' && !(Number.isSafeInteger(step) && step >= 1000))
    throw new ArchiveInvalid('step must be a whole number of ms, at least 1000');
  if (step === 'raw' && tier !== 'auto' && tier !== 'native')
    throw new ArchiveInvalid(`step raw is not kept in tier ${tier}`);

  const covers = (name: Tier): boolean => from >= now - reach[name];
  const raw =
    step === 'raw' ||
    (step === 'auto' && (tier === 'native' || (tier === 'auto' && to - from <= RAW_WINDOW_MS && covers('native'))));
  if (raw) return { tier: 'native', stepMs: 0, from, to };

  const wanted =
    typeof step === 'number'
      ? step
      : (NICE_STEPS_MS.find((s) => s * WANTED_POINTS >= to - from) ??
        Math.ceil((to - from) / WANTED_POINTS / DAY_MS) * DAY_MS);
  const chosen = tier === 'auto' ? coarsestFor(wanted, covers) : tier;
  const least = TIERS.find((t) => t.tier === chosen)?.stepMs ?? 0;
  const stepMs = least === 0 ? wanted : Math.max(1, Math.ceil(wanted / least)) * least;
  const plan = { tier: chosen, stepMs, from: from - modulo(from, stepMs), to: to + modulo(-to, stepMs) };
  const points = (plan.to - plan.from) / stepMs;
  if (points > MAX_POINTS)
    throw new ArchiveInvalid(
      `${points} points a series are more than ${MAX_POINTS}; ask for a step of at least ${Math.ceil((to - from) / MAX_POINTS / 1000)} s`,
    );
  return plan;
}

/** Coarsest tier not coarser than the step; when its data do not reach back far enough, the next coarser one that does. */
function coarsestFor(stepMs: number, covers: (tier: Tier) => boolean): Tier {
  const fine = TIERS.filter((t) => t.stepMs <= stepMs).toReversed();
  const coarse = TIERS.filter((t) => t.stepMs > stepMs);
  return [...fine, ...coarse].find((t) => covers(t.tier))?.tier ?? '1h';
}

/** Remainder that is never negative. */
function modulo(value: number, by: number): number {
  const rest = value % by;
  return rest < 0 ? rest + by : rest + 0;
}
