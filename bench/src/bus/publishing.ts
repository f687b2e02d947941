import { AuditStart, SampleBatches, type DataOf } from '@seatrial/contracts';
import { sampleBatch } from '@seatrial/testing';

import type { Clients } from './clients.ts';
import { plain, windowed, type Operation } from './operation.ts';
import { wireHeaders } from './wire-headers.ts';

/** Publishes in flight: enough to keep the connection busy, as a collector with many targets does. */
const WINDOW = 32;

const command: DataOf<typeof AuditStart> = {
  auditId: 'bench',
  scope: { platforms: ['docker'], targets: ['web-1', 'web-2'] },
  mode: 'effective',
  reason: 'a small command of some fields',
};

/** Stored publishes, each acknowledged: a columnar batch of 200 samples, and a small command. */
export function publishing({ bare, ours }: Clients): Operation[] {
  const batch = sampleBatch();
  const { js } = bare.collector;
  const operator = bare.operator.js;
  return [
    plain('publish-batch', 2_000, {
      bare: (n) =>
        windowed(n, WINDOW, () =>
          js.publish(SampleBatches.subjectOf(batch), JSON.stringify(batch), {
            headers: wireHeaders(SampleBatches, '/services/collector'),
          }),
        ),
      ours: (n) => windowed(n, WINDOW, () => ours.collector.publish(SampleBatches, batch)),
    }),
    plain('publish-command', 4_000, {
      bare: (n) =>
        windowed(n, WINDOW, () =>
          operator.publish(AuditStart.subjectOf(command), JSON.stringify(command), {
            headers: wireHeaders(AuditStart, '/people/bench'),
          }),
        ),
      ours: (n) => windowed(n, WINDOW, () => ours.operator.send(AuditStart, command)),
    }),
  ];
}
