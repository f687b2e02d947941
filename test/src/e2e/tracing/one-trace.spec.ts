import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  requireDocker,
  startBroker,
  startContainer,
  startOtlpSink,
  type ReceivedSpan,
  type ReceivedTrace,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { runCli } from '../cli/run-cli.ts';
import { startAuditor } from '../isolation/auditor.ts';

const docker = await requireDocker();

describe.skipIf(docker.skip !== undefined)('one command is one trace', () => {
  test('from the command line over the bus through the auditor to the archive', async () => {
    const data = await mkdtemp(join(tmpdir(), 'seatrial-cli-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(data, { recursive: true }) };
    await using broker = await startBroker();
    await using sink = await startOtlpSink();
    await using bad = await startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } });
    const otel = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    await using _auditor = await startAuditor({ broker, env: otel });
    const { exit, stdout } = await runCli(['scan', '-o', 'json'], {
      data,
      env: { SEATRIAL_BUS: broker.url, SEATRIAL_CREDS: broker.seedFile('operator'), ...otel },
    });
    expect(exit).toBe(0);
    expect(stdout).toContain(bad.name);

    const wanted = ['seatrial scan', 'audit', 'audit inspect', 'audit evidence', 'audit checks', 'audit commit'];
    // The span of the handler ends last.
    const trace = await sink.waitForTrace(
      (one) =>
        wanted.every((name) => named(one, name)) && archiveSpan(one) !== undefined && handlerSpan(one) !== undefined,
    );
    const root = named(trace, 'seatrial scan');
    const sent = trace.spans.find(({ name }) => /^send .*audit-start/.test(name));
    const handled = handlerSpan(trace);
    const audit = named(trace, 'audit');
    expect([root?.parentSpanId, root?.service]).toEqual([undefined, 'seatrial-cli']);
    expect([sent, handled, audit, archiveSpan(trace)].map((span) => span?.service)).toEqual([
      'seatrial-cli',
      'isolation-auditor',
      'isolation-auditor',
      'isolation-auditor',
    ]);
    // Each is below the one before it.
    for (const [above, below] of [
      [root, sent],
      [sent, handled],
      [handled, audit],
      [handled, archiveSpan(trace)],
      ...wanted.slice(2).map((name) => [audit, named(trace, name)] as const),
    ])
      expect(isBelow(trace, below, above), `${below?.name} below ${above?.name}`).toBe(true);
    expect(audit?.attributes).toMatchObject({ 'seatrial.trigger': 'command', 'seatrial.engine': 'docker' });
    expect(Number(audit?.attributes['seatrial.targets'])).toBeGreaterThan(0);
    expect(trace.spans.filter(({ failed }) => failed).map(({ name }) => name)).toEqual([]);
    expect([sink.unreadable, new Set(sink.paths)]).toEqual([[], new Set(['/v1/traces'])]);
  }, 120_000);

  test('an event of the engine is a trace of its own', async () => {
    await using broker = await startBroker();
    await using sink = await startOtlpSink();
    await using _auditor = await startAuditor({
      broker,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '100',
      },
    });
    await sink.waitForTrace((one) => named(one, 'audit')?.attributes['seatrial.trigger'] === 'start');
    await using _bad = await startContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } });
    const trace = await sink.waitForTrace((one) => named(one, 'audit')?.attributes['seatrial.trigger'] === 'event');
    const audit = named(trace, 'audit');
    expect([audit?.parentSpanId, audit?.attributes['seatrial.event']]).toEqual([
      undefined,
      expect.stringMatching(/^[a-z_]+ \d+\.\d{9}$/),
    ]);
  }, 120_000);
});

const named = (trace: ReceivedTrace, name: string): ReceivedSpan | undefined =>
  trace.spans.find((span) => span.name === name);

const handlerSpan = (trace: ReceivedTrace): ReceivedSpan | undefined =>
  trace.spans.find(({ name }) => /^process .*audit-start/.test(name));

const archiveSpan = (trace: ReceivedTrace): ReceivedSpan | undefined =>
  trace.spans.find(({ name }) => name.startsWith('archive'));

function isBelow(trace: ReceivedTrace, span: ReceivedSpan | undefined, above: ReceivedSpan | undefined): boolean {
  for (let at = span; at !== undefined;) {
    const parent = trace.spans.find(({ spanId }) => spanId === at?.parentSpanId);
    if (parent === undefined) return false;
    if (parent === above) return true;
    at = parent;
  }
  return false;
}
