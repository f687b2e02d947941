import type { SampleBatch } from '@seatrial/contracts';

/** One sample as tests write it down. */
export interface Point {
  readonly resource: string;
  readonly metric: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly t: number;
  readonly value: number;
  /** Fencing token. @default 1 */
  readonly f?: number;
  /** Sample interval, s. @default 20 */
  readonly iv?: number;
}

/** The columnar batch of points that share fencing token and interval. */
export function batchOf(points: readonly Point[]): SampleBatch {
  const first = points[0];
  if (!first) throw new Error('a batch needs a point');
  const rs = [...new Set(points.map((p) => p.resource))];
  const names = points.map((p) => JSON.stringify([p.metric, p.attributes ?? {}]));
  const ss = [...new Set(names)];
  return {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: first.f ?? 1,
    t0: first.t,
    iv: first.iv ?? 20,
    rs,
    ss: ss.map((text) => JSON.parse(text) as [string, Record<string, string>]),
    ri: points.map((p) => rs.indexOf(p.resource)),
    si: names.map((name) => ss.indexOf(name)),
    ts: points.map((p) => p.t - first.t),
    vs: points.map((p) => p.value),
  };
}

/** Points every `iv` seconds in [from, to), with the value of `at`. */
export function every(
  iv: number,
  from: number,
  to: number,
  at: (t: number, i: number) => number,
  series: Partial<Point> = {},
): Point[] {
  const count = Math.ceil((to - from) / (iv * 1000));
  return Array.from({ length: count }, (_, i) => {
    const t = from + i * iv * 1000;
    return { resource: 'local/a', metric: 'cpu', ...series, t, iv, value: at(t, i) };
  });
}
