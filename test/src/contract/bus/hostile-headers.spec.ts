import { AuditStart, STANDARD } from '@seatrial/contracts';
import { Handles } from '@seatrial/bus';
import { until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { audit } from './commands.ts';
import { asAdmin, startPlane } from './plane.ts';
import { sendRaw } from './raw-sender.ts';
import { runService } from './run-service.ts';

/** Lines that the server takes and that the client throws at when they are looked at. */
const UNREADABLE = [
  ['a line break in a value', 'x: a\nb'],
  ['a space in a name', 'a b: c'],
] as const;

class Commands {
  @Handles(AuditStart)
  async start(): Promise<void> {
    return Promise.resolve();
  }
}

const subject = 'seatrial.cmd.v1.isolation.audit-start.x';

test.each(UNREADABLE)(
  'a command with %s goes to the dead letters at once, and the next one is handled',
  async (_what, line) => {
    await using broker = await startPlane();
    await using admin = await asAdmin(broker);
    await using _service = await runService(broker, 'isolation-auditor', Commands);
    const headerLines = ['ce-id: c1', 'Nats-Msg-Id: c1', `ce-type: ${AuditStart.ceType}`, line];
    await sendRaw(broker, 'operator', { subject, headerLines, body: JSON.stringify(audit('x')) });
    await until('it is settled', async () => (await admin.settled()).length > 0);
    expect(await admin.settled()).toMatchObject([
      { outcome: 'dead-lettered', code: 'E-CONTRACT-PAYLOAD', commandId: 'cmd-1' },
    ]);
    expect((await admin.stored('DLQ', 'seatrial.dlq.>')).map(({ text }) => JSON.parse(text) as object)).toEqual([
      audit('x'),
    ]);
    expect(await admin.stored('AUDIT', 'seatrial.aud.>')).toHaveLength(1);
    expect(await admin.bus.execute(AuditStart, audit('y'))).toMatchObject({ outcome: 'accepted' });
  },
);

test.each(UNREADABLE)('a query with %s ends nobody: it is answered like one without headers', async (_what, line) => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', Commands);
  const heard: object[] = [];
  const listening = new AbortController();
  const watched = (async () => {
    for await (const { subject: to, headers } of admin.bus.subscribeRaw('seatrial.rpc.>', { signal: listening.signal }))
      heard.push({ to, headers: headers.size });
  })();
  await admin.bus.flush();
  const { ping } = STANDARD.isolation;
  await sendRaw(broker, 'viewer', { subject: ping.subject, reply: '_INBOX_viewer.x', headerLines: [line], body: '{}' });
  await until('the reader has seen it', () => heard.length > 0);
  expect(heard).toEqual([{ to: ping.subject, headers: 0 }]);
  await until('it is counted as answered', async () => {
    const [info] = [...service.bus.metrics.processSeconds.values].filter(([label]) => label === ping.type);
    return (info?.[1].count ?? 0) === 1;
  });
  expect(await admin.bus.request(ping, {})).toMatchObject({ service: 'isolation-auditor', ready: true });
  listening.abort();
  await watched;
});
