import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FindingList, STREAMS } from '@seatrial/contracts';
import {
  privateEngineImpossible,
  requireDocker,
  residentBytes,
  startBroker,
  startContainer,
  startEngine,
  startOtlpSink,
  until,
  type Broker,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { commandAudit, person, startAuditor } from './auditor.ts';
import { FindingLog } from './finding-log.ts';
import { recordRequests } from './recording-proxy.ts';

const docker = await requireDocker();
const impossible = privateEngineImpossible();
/** Nobody else has this word, so a hit is a leak. */
const SECRET = `planted-${crypto.randomUUID()}`;
const MIB = 2 ** 20;
/** The bar: a service idles at this or less. */
const IDLE_MIB = 160;

describe.skipIf(docker.skip !== undefined || impossible !== undefined)(
  `the auditor asks, reads, and leaves everything as it was${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    test('one list, one inspect a container, one look at the engine: GET requests only, and no child process', async () => {
      await using engine = await startEngine();
      await using proxy = await recordRequests(engine);
      await using broker = await startBroker();
      const hostConfig = { NetworkMode: 'none', PidMode: 'host' };
      await using one = await startContainer(engine, { hostConfig });
      await using two = await startContainer(engine, { hostConfig });
      await using auditor = await startAuditor({
        broker,
        engines: [{ id: 'watched', url: proxy.url }],
        settings: { RECONCILE_INTERVAL: '3600' },
      });
      await using bus = await person(broker);
      await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
      const before = proxy.requests.length;
      expect(await commandAudit(bus)).toMatchObject({ outcome: 'accepted' });
      const audit = proxy.requests.slice(before).map(({ path }) => path);
      expect(audit.toSorted((a, b) => a.localeCompare(b))).toEqual(
        ['/containers/json?all=1', `/containers/${one.id}/json`, `/containers/${two.id}/json`, '/info'].toSorted(
          (a, b) => a.localeCompare(b),
        ),
      );

      // Events, a change, an end: whatever happens, it only asks.
      await using log = new FindingLog(bus);
      await using three = await startContainer(engine, { hostConfig });
      const found = await log.until(three.name, 'dkr.ns.pid.host open');
      expect(found.data.target.host).toMatch(/\/watched$/);
      expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
      expect(proxy.requests.filter(({ path }) => path.includes('exec'))).toEqual([]);
      expect(childrenOf(auditor.process.pid)).toEqual({ pageFaultsOfChildren: 0, alive: '' });
    });

    test('a secret of a container leaves the host in no message, record, archive, log or span', async () => {
      await using engine = await startEngine();
      await using broker = await startBroker();
      await using sink = await startOtlpSink();
      await using holder = await startContainer(engine, {
        env: [`API_TOKEN=${SECRET}`, `URL=postgres://user:${SECRET}@db/shop`],
        labels: { note: SECRET },
        cmd: ['sh', '-c', `sleep 3600; echo ${SECRET}`],
        hostConfig: { NetworkMode: 'none' },
      });
      await using auditor = await startAuditor({
        broker,
        engines: [{ id: 'docker', url: engine.url }],
        settings: { RECONCILE_INTERVAL: '3600', LOG_LEVEL: 'debug' },
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      });
      await using bus = await person(broker, 'admin');
      await using log = new FindingLog(bus);
      const found = await log.until(holder.name, 'dkr.secret.env open');
      expect(found.data.evidence.length).toBeGreaterThan(0);
      await commandAudit(bus);
      await bus.request(FindingList, { targets: [holder.name] });
      await sink.waitForTrace(({ spans }) => spans.some(({ name }) => name === 'audit'));
      await auditor.process.stop();

      const haystacks = {
        messages: await everyMessage(broker),
        stores: await everyByte(broker.storeDir),
        archive: await everyByte(join(auditor.folder, 'archive')),
        log: auditor.process.text(),
        spans: JSON.stringify(sink.spans),
      };
      for (const [place, text] of Object.entries(haystacks)) {
        expect(text.length, place).toBeGreaterThan(100);
        expect(text.includes(SECRET), place).toBe(false);
      }
      // The search itself works: what is no secret is found in each of these places.
      for (const place of ['messages', 'stores', 'archive'] as const)
        expect(haystacks[place].includes(holder.name), place).toBe(true);
    });

    test('it idles in little memory', async () => {
      await using broker = await startBroker();
      await using auditor = await startAuditor({ broker });
      await using bus = await person(broker);
      await until('the first look', async () => (await bus.request(FindingList, {})).asOf);
      const resident = residentBytes(auditor.process.pid) / MIB;
      console.log(`idle: ${resident.toFixed(0)} MiB resident (at most ${IDLE_MIB})`);
      expect(resident).toBeLessThanOrEqual(IDLE_MIB);
    });
  },
);

/** Faults of children that were waited for: 0 says that there never was one (proc_pid_stat(5), `cminflt`). */
function childrenOf(pid: number): { pageFaultsOfChildren: number; alive: string } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pageFaultsOfChildren: Number(fields[8]),
    alive: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim(),
  };
}

/** Headers and bodies of everything that is stored in the streams of messages. */
async function everyMessage(broker: Broker): Promise<string> {
  await using bus = await person(broker, 'admin');
  const texts: string[] = [];
  for (const [stream, filter] of [
    [STREAMS.evt, 'seatrial.evt.>'],
    [STREAMS.aud, 'seatrial.aud.>'],
    [STREAMS.dlq, 'seatrial.dlq.>'],
  ] as const)
    for await (const { subject, headers, data } of bus.readRaw(stream, { filter, from: 'all', follow: false }))
      texts.push(subject, JSON.stringify([...headers]), Buffer.from(data).toString('utf8'));
  return texts.join('\n');
}

async function everyByte(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
  return texts.join('\n');
}
