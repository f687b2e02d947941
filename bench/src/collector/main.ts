import { parseArgs } from 'node:util';
import { ApiSampler, CgroupSampler, type ContainerCounters, DockerEngine } from '@seatrial/docker';
import { requireDocker } from '@seatrial/testing';
import { atLeast, atMost, cpuMs, type Figures, median, printFigures, reported } from '../figures.ts';
import { startMany } from './containers.ts';
import { engineCpuMs } from './engine-cpu.ts';
import { statsThroughDockerode } from './peer.ts';
import { startPublishing } from './publishing.ts';
import { tickEncoder } from './tick-encoder.ts';

/** One way to read all containers once. */
type Round = () => Promise<ReadonlyMap<string, ContainerCounters>>;

/** CPU of one container and tick, ms. */
interface Cost {
  readonly client: number;
  /** Of the engine's processes, other tests' work included; absent for a remote engine. */
  readonly engine?: number;
}

const { values: args } = parseArgs({
  options: { containers: { type: 'string', default: '30' }, ticks: { type: 'string', default: '20' } },
});
const count = positive('containers', args.containers);
const ticks = positive('ticks', args.ticks);

const docker = await requireDocker();
if (docker.skip === undefined) await run();
else process.exitCode = 1;

async function run(): Promise<void> {
  await using engine = new DockerEngine({ url: docker.url, connections: 64 });
  await using containers = await startMany(docker, count);
  using sampler = new CgroupSampler();
  for (const { id, pid } of containers.all) sampler.add({ id, pid, ownNetwork: true });
  const ids = containers.all.map(({ id }) => id);
  const api = new ApiSampler(engine);
  const socketPath = new URL(docker.url).pathname;

  const readOnly = await costOf(async () => (await sampler.round()).counters, ticks * 5);
  const allIn = await costOf(
    encoded(async () => (await sampler.round()).counters),
    ticks * 5,
  );
  await using publishing = await startPublishing();
  const published = await costOf(
    publishing.published(async () => (await sampler.round()).counters),
    ticks * 5,
  );
  const askPeer: Round = () => statsThroughDockerode(socketPath, ids);
  const peer = await costOf(encoded(askPeer), Math.ceil(ticks / 4));
  const peerReadOnly = await costOf(askPeer, Math.ceil(ticks / 4));
  const ourApi = await costOf(
    encoded(async () => (await api.round(ids.map((id) => ({ id, startedAt: 'bench' })))).counters),
    Math.ceil(ticks / 4),
  );
  printFigures('collector', figures({ readOnly, allIn, published, peer, peerReadOnly, ourApi }));
}

function figures(
  cost: Readonly<Record<'readOnly' | 'allIn' | 'published' | 'peer' | 'peerReadOnly' | 'ourApi', Cost>>,
): Figures {
  const unit = 'ms CPU/container and tick';
  return {
    'client-cpu-all-in': atMost(cost.allIn.client, 0.25, unit, cost.peer.client),
    'client-cpu-published': atMost(cost.published.client, 0.25, unit, cost.peer.client),
    'client-cpu-read-only': reported(cost.readOnly.client, unit, cost.peerReadOnly.client),
    'client-cpu-api': reported(cost.ourApi.client, unit, cost.peer.client),
    ...inSum(cost.readOnly, cost.peerReadOnly),
  };
}

/** Reading alone, the engine's CPU included; the bar is for 100 containers, below it the engine works less for each. */
function inSum(ours: Cost, peers: Cost): Figures {
  if (peers.engine === undefined) return {};
  const ratio = (peers.client + peers.engine) / ours.client;
  return {
    'engine-cpu-api': reported(peers.engine, 'ms CPU/container and tick'),
    'times-cheaper-in-sum': count >= 100 ? atLeast(ratio, 20, 'x') : reported(ratio, 'x'),
  };
}

/** Adds what follows a reading in the service: rates, units, columns, JSON. */
function encoded(round: Round): Round {
  const encode = tickEncoder();
  return async () => {
    const counters = await round();
    encode(counters);
    return counters;
  };
}

/** Median over the ticks, after some to warm up; every tick must have read every container. */
async function costOf(round: Round, times: number): Promise<Cost> {
  for (let i = 0; i < Math.max(2, times / 5); i++) await round();
  const engineBefore = engineCpuMs();
  const client: number[] = [];
  for (let i = 0; i < times; i++) {
    let read = 0;
    client.push((await cpuMs(async () => (read = (await round()).size))) / count);
    if (read !== count) throw new Error(`a tick read ${read} of ${count} containers`);
  }
  const engineAfter = engineCpuMs();
  const engine =
    engineBefore === undefined || engineAfter === undefined
      ? undefined
      : (engineAfter - engineBefore) / (times * count);
  return { client: median(client), ...(engine === undefined ? {} : { engine }) };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${name} must be a whole number above zero, not ${JSON.stringify(text)}`);
  return value;
}
