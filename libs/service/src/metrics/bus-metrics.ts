import type { BusMetrics } from '@seatrial/bus';
import type { Metric, Registry } from 'prom-client';

type BusMetric = BusMetrics['all'][number];
type BusHistogram = Extract<BusMetric, { kind: 'histogram' }>;

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** Shows what the bus counts in a Prometheus registry. The bus keeps plain numbers; they are read when somebody asks. */
export function exposeBusMetrics(registry: Registry, metrics: BusMetrics): void {
  // The registry asks a metric only for its name and for `get()`.
  for (const metric of metrics.all) registry.registerMetric(asPrometheus(metric) as unknown as Metric);
}

function asPrometheus(metric: BusMetric): object {
  const { name, help, kind } = metric;
  return {
    name,
    get: async () => ({
      name,
      help,
      type: kind,
      aggregator: 'sum',
      values: metric.kind === 'histogram' ? buckets(metric) : plain(metric),
    }),
    reset: () => {},
  };
}

function plain(metric: Exclude<BusMetric, BusHistogram>): Sample[] {
  return [...metric.values].map(([label, value]) => ({ labels: { [metric.label]: label }, value }));
}

function buckets(metric: BusHistogram): Sample[] {
  return [...metric.values].flatMap(([label, { buckets: counts, count, sum }]) => {
    const labels = { [metric.label]: label };
    return [
      ...metric.bounds.map((le, i) => ({
        metricName: `${metric.name}_bucket`,
        labels: { ...labels, le },
        value: counts[i] ?? 0,
      })),
      { metricName: `${metric.name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${metric.name}_sum`, labels, value: sum },
      { metricName: `${metric.name}_count`, labels, value: count },
    ];
  });
}
