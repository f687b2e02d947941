import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';

import type { DurablePlan } from './durables.ts';
import type { StreamPlan } from './streams.ts';

/** Names of the settings in which a stream on the server differs from its plan. Settings that the plan does not name are the server's. */
export function streamDifference(now: StreamConfig, plan: StreamPlan): string[] {
  return differences(now, plan);
}

/** The same for a durable. */
export function durableDifference(now: ConsumerConfig, plan: DurablePlan['config']): string[] {
  return differences(now, plan);
}

function differences<P extends object>(now: Partial<P>, plan: P): string[] {
  return (Object.keys(plan) as (keyof P & string)[]).filter((key) => !same(now[key], plan[key]));
}

/** The server leaves out what has its zero value. */
function same(now: unknown, wanted: unknown): boolean {
  if (now === undefined) return wanted === false || wanted === 0 || wanted === '' || wanted === 'none';
  return JSON.stringify(now) === JSON.stringify(wanted);
}

/** A change that takes stored messages away, or that no server makes in place. */
export interface Loss {
  readonly text: string;
  /** The server would make it while the stream is empty. */
  readonly inPlace: boolean;
}

/** Limits: the names, and which value means none. */
const LIMITS = ['max_age', 'max_bytes', 'max_msgs_per_subject'] as const;
const FIXED = ['storage', 'retention'] as const;

/** What of a change would lose messages: a tighter limit, a subject that is given up, another storage or retention. */
export function shrinkage(now: StreamConfig, plan: StreamPlan): Loss[] {
  const limits = LIMITS.filter((key) => unlimited(plan[key]) < unlimited(now[key])).map((key) => ({
    text: `${key} would shrink from ${shown(now[key])} to ${shown(plan[key])}`,
    inPlace: true,
  }));
  const subjects = now.subjects
    .filter((subject) => !plan.subjects.includes(subject))
    .map((subject) => ({ text: `subject ${subject} would be given up`, inPlace: true }));
  const fixed = FIXED.filter((key) => now[key] !== plan[key]).map((key) => ({
    text: `${key} would change from ${now[key]} to ${plan[key]}`,
    inPlace: false,
  }));
  return [...limits, ...subjects, ...fixed];
}

/** 0 and -1 mean no limit. */
function unlimited(limit: number | undefined): number {
  return limit === undefined || limit <= 0 ? Infinity : limit;
}

function shown(limit: number | undefined): string {
  return limit === undefined || limit <= 0 ? 'no limit' : String(limit);
}
