import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { Bus, uuidv7 } from '@seatrial/bus';
import {
  Audit,
  AuditStart,
  BUCKETS,
  CheckList,
  contractOfSubject,
  CONTRACTS,
  DOMAINS,
  Explain,
  FindingGet,
  FindingList,
  MetricsCatalogue,
  MetricsHistory,
  MetricsLatest,
  ResourceGet,
  ResourcesList,
  STANDARD,
  TargetsList,
  type QueryContract,
  type ServiceName,
} from '@seatrial/contracts';
import { schemaName } from '@seatrial/contracts/reference';
import {
  type Broker,
  proxyEngine,
  requireDocker,
  spawnNode,
  startBroker,
  startContainer,
  type TestEngine,
  until,
} from '@seatrial/testing';

// Records one message of every kind that has none yet, from a plane of real services on a real engine, into `test/golden`. What is recorded once stays as it is:
// it stands for what earlier releases have sent. Run: node test/dist/contract/messages/record.js
const ROOT = join(import.meta.dirname, '../../../..');
const seen = new Map<string, unknown>();

const docker = await requireDocker();
if (docker.skip !== undefined) throw new Error(docker.skip);
const folder = await mkdtemp(join(tmpdir(), 'seatrial-record-'));
try {
  await record(docker, folder);
} finally {
  await rm(folder, { recursive: true });
}
mkdirSync(join(ROOT, 'test/golden'), { recursive: true });
for (const [name, message] of seen) {
  try {
    writeFileSync(join(ROOT, 'test/golden', `${name}.json`), `${anonymous(JSON.stringify(message, null, 2))}\n`, {
      flag: 'wx',
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
process.stdout.write(`${seen.size} kinds of message\n`);

async function record(engine: TestEngine, data: string): Promise<void> {
  await using broker = await startBroker();
  await using proxy = await proxyEngine(engine);
  await using _collector = service(broker, 'collector', data, {
    SEATRIAL_COLLECTOR_TARGETS: JSON.stringify([
      { id: 'docker', src: 'docker', url: proxy.url },
      { id: 'host', src: 'host' },
    ]),
    SEATRIAL_COLLECTOR_INTERVAL: '1',
    SEATRIAL_COLLECTOR_ARCHIVE: `sqlite:${join(data, 'collector.db')}`,
  });
  await using _auditor = service(broker, 'isolation-auditor', data, {
    SEATRIAL_ISOLATION_AUDITOR_ENGINES: JSON.stringify([{ id: 'docker', url: proxy.url }]),
    SEATRIAL_ISOLATION_AUDITOR_SALT_FILE: join(data, 'salt'),
    SEATRIAL_ISOLATION_AUDITOR_ARCHIVE: `sqlite:${join(data, 'auditor.db')}`,
  });
  await Promise.all([_collector.ready, _auditor.ready]);
  const bus = await connect(broker, { person: 'admin', role: 'admin' }, 'admin');
  await using _ = { [Symbol.asyncDispose]: () => bus.close() };
  const stop = new AbortController();
  const listening = listen(bus, stop.signal);
  await using container = await startContainer(engine, { env: ['API_TOKEN=not-a-real-one'] });
  await commands(bus);
  await queries(bus, container.id);
  proxy.block();
  proxy.cut();
  await until(
    'the loss of the engine',
    () => seen.has('evt.isolation.source-state.v1') && seen.has('evt.estate.gap-recorded.v1'),
  );
  proxy.restore();
  const stored = CONTRACTS.filter(({ kind }) => kind !== 'rpc').map(schemaName);
  await until(
    'one of every stored message',
    () => {
      const missing = stored.filter((name) => !seen.has(name));
      if (missing.length > 0) throw new Error(missing.join(', '));
      return true;
    },
    { deadlineMs: 60_000 },
  );
  stop.abort();
  await listening;
  await buckets(broker);
}

function service(broker: Broker, name: ServiceName, cwd: string, env: Readonly<Record<string, string>>) {
  return spawnNode(join(ROOT, 'services', name, 'dist/main.js'), {
    cwd,
    env: { SEATRIAL_BUS: broker.url, SEATRIAL_CREDS: broker.seedFile(name), ...env },
  });
}

function connect(
  broker: Broker,
  as: Parameters<typeof Bus.connect>[0]['as'],
  user: Parameters<Broker['seedFile']>[0],
): Promise<Bus> {
  return Bus.connect({ url: broker.url, as, seedFile: broker.seedFile(user) });
}

async function listen(bus: Bus, signal: AbortSignal): Promise<void> {
  for await (const { subject, data } of bus.subscribeRaw('seatrial.>', { signal })) {
    const contract = contractOfSubject(subject);
    if (contract === undefined) continue;
    const body: unknown = JSON.parse(new TextDecoder().decode(data));
    // A message with something in it says more than the first one.
    if (!seen.has(schemaName(contract)) || richness(body) > richness(seen.get(schemaName(contract))))
      seen.set(schemaName(contract), body);
  }
}

/** Large enough to hold every part, small enough to be read. */
function richness(message: unknown): number {
  const size = JSON.stringify(message).length;
  return size > 4_000 ? 0 : size;
}

async function commands(bus: Bus): Promise<void> {
  await bus.execute(AuditStart, { auditId: uuidv7(), scope: {}, mode: 'effective', reason: 'recording' });
  for (const domain of DOMAINS) await bus.execute(STANDARD[domain].replay, { sequence: 1 });
}

async function queries(bus: Bus, container: string): Promise<void> {
  const ask = async <D, R>(contract: QueryContract<D, R>, data: D): Promise<R> => {
    const reply = await bus.request(contract, data, { deadlineMs: 20_000 });
    const name = schemaName(contract as never);
    seen.set(name, data);
    seen.set(`${name}.reply`, reply);
    return reply;
  };
  const id = `docker/${container}`;
  const metrics = ['container.memory.usage'];
  const now = Date.now();
  const window = { from: new Date(now - 60_000).toISOString(), to: new Date(now + 60_000).toISOString() };
  await until(
    'samples',
    async () => (await bus.request(MetricsLatest, { resources: [id], metrics })).values.length > 0,
  );
  await until('history', () => bus.request(MetricsHistory, { resources: [id], metrics, ...window }));
  for (const domain of DOMAINS) await ask(STANDARD[domain].ping, {});
  await ask(TargetsList, {});
  await ask(ResourcesList, { kinds: ['container'], limit: 2 });
  await ask(ResourceGet, { id });
  await ask(MetricsLatest, { resources: [id], metrics });
  await ask(MetricsHistory, { resources: [id], metrics, ...window });
  await ask(MetricsCatalogue, {});
  await ask(Audit, { scope: { targets: [container] }, mode: 'effective' });
  const { findings } = await ask(FindingList, { targets: [container], limit: 2 });
  await ask(FindingGet, { fingerprint: findings[0]?.fingerprint ?? '' });
  await ask(Explain, { checkId: 'dkr.user.root', target: container });
  await ask(CheckList, {});
}

async function buckets(broker: Broker): Promise<void> {
  for (const bucket of BUCKETS) {
    const bus = await connect(broker, { service: bucket.owner }, bucket.owner);
    const [entry] = await bus.bucket(bucket as never).entries();
    if (entry !== undefined) seen.set(`kv.${bucket.name}`, entry.value);
    await bus.close();
  }
}

/** The name of the recording machine is nobody's business. */
function anonymous(text: string): string {
  return text.replaceAll(new RegExp(`\\b${hostname()}\\b`, 'g'), 'machine');
}
