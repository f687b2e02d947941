import { AuditStart, H, SourceState, type DataOf } from '@seatrial/contracts';
import { Handles, type Delivery } from '@seatrial/bus';
import { expect, test } from 'vitest';

import { audit } from './commands.ts';
import { asAdmin, startPlane } from './plane.ts';
import { runService } from './run-service.ts';

const state = (source: string): DataOf<typeof SourceState> => ({
  source,
  host: 'h',
  state: 'up',
  since: '2026-01-01T00:00:00Z',
});

test('what a handler publishes again at a redelivery is stored once, under ids of its cause', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  let tries = 0;
  class Auditor {
    static bus: Awaited<ReturnType<typeof runService>>['bus'] | undefined;
    @Handles(AuditStart)
    async start(_: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
      for (const source of ['one', 'two']) await Auditor.bus?.publish(SourceState, state(source), { cause: delivery });
      tries += 1;
      if (tries < 3) throw new Error('after its effects');
    }
  }
  await using service = await runService(broker, 'isolation-auditor', Auditor);
  Auditor.bus = service.bus;
  const { commandId, deliveries } = await admin.bus.execute(AuditStart, audit('x'));
  expect([tries, deliveries]).toEqual([3, 3]);
  const events = await admin.stored('EVT', 'seatrial.evt.v1.isolation.source-state.>');
  expect(events.map(({ headers, json }) => [headers.get(H.id), headers.get(H.cause), json?.['source']])).toEqual([
    [`${commandId}/source-state/1`, commandId, 'one'],
    [`${commandId}/source-state/2`, commandId, 'two'],
  ]);
});
