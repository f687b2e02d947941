import { MetricsLatest, type ReplyOf } from '@seatrial/contracts';

import type { BusClient } from '../connect/client.ts';

/** A current value of one series. */
export type LatestValue = ReplyOf<typeof MetricsLatest>['values'][number];

/** Current values by resource id. */
export type LiveValues = ReadonlyMap<string, readonly LatestValue[]>;

/** Most objects of one question, see the contract. */
const PAGE = 500;

/** Asks for the current values of objects, of all metrics when none are named. An estate without metrics answers with none: its columns stay empty, never zero. */
export async function liveValues(
  bus: BusClient,
  resources: readonly string[],
  metrics?: readonly string[],
): Promise<LiveValues> {
  const values = new Map<string, LatestValue[]>();
  for (let at = 0; at < resources.length; at += PAGE) {
    const reply = await bus.ask(MetricsLatest, {
      resources: resources.slice(at, at + PAGE),
      ...(metrics !== undefined && { metrics: [...metrics] }),
    });
    for (const value of reply.values) values.set(value.resource, [...(values.get(value.resource) ?? []), value]);
  }
  return values;
}

/** The fresh value of a metric with these attributes; undefined when it is absent or stale. Several series of one metric (one a device) are added up. */
export function valueOf(
  values: readonly LatestValue[] | undefined,
  metric: string,
  attrs: Readonly<Record<string, string>> = {},
): number | undefined {
  const fresh = (values ?? []).filter(
    (value) =>
      value.metric === metric &&
      !value.stale &&
      Object.entries(attrs).every(([name, wanted]) => value.attrs[name] === wanted),
  );
  return fresh.length === 0 ? undefined : fresh.reduce((sum, { value }) => sum + value, 0);
}
