import { parseArgs } from 'node:util';

import { DockerEngine } from '@seatrial/docker';
import { auditReport, groupsOf, type FactDocument } from '@seatrial/isolation';
import { requireDocker } from '@seatrial/testing';

import { startMany } from '../collector/containers.ts';
import { atMost, cpuMs, median, printFigures, quantile, reported } from '../figures.ts';
import { auditDocuments, documentsOf, surroundings, type Surroundings } from './auditor.ts';
import { inspectByCommandLine } from './command-line.ts';
import { profile } from './profiles.ts';
import { startLatencies } from './start-latency.ts';

const ROUNDS = 8;
const EVALUATIONS = 10_000;

const { values: args } = parseArgs({
  options: { containers: { type: 'string', default: '60' }, starts: { type: 'string', default: '100' } },
});
const count = Number(args.containers);
const starts = Number(args.starts);

const docker = await requireDocker();
if (docker.skip === undefined) await run();
else process.exitCode = 1;

async function run(): Promise<void> {
  await using engine = new DockerEngine({ url: docker.url });
  const around = await surroundings(engine);
  const { cpu, wall, evaluation, peer } = await costs(engine, around);
  const latencies = await startLatencies(docker, engine, around, starts);
  console.log(
    'Event to finding is measured in this process: engine event, inspect, /proc, checks, findings; publishing on the bus is not part of it.',
  );
  printFigures('audit', {
    [`audit-of-${count}-cpu`]: atMost(median(cpu), 150, 'ms CPU', peer),
    [`audit-of-${count}-wall`]: reported(median(wall), 'ms'),
    'rule-evaluation': atMost(evaluation, 50, 'us CPU/container'),
    'event-to-finding-p50': reported(median(latencies), 'ms'),
    'event-to-finding-p95': atMost(quantile(latencies, 0.95), 500, 'ms'),
  });
}

async function costs(engine: DockerEngine, around: Surroundings) {
  await using containers = await startMany(docker, count, profile);
  const ids = containers.all.map(({ id }) => id);
  const wanted = new Set(ids);
  const cpu: number[] = [];
  const wall: number[] = [];
  let documents: readonly FactDocument[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    const spent = await cpuMs(async () => {
      documents = await documentsOf(engine, around, wanted);
      auditReport(auditDocuments(documents, around), new Date().toISOString());
    });
    // The first one warms up.
    if (round === 0) continue;
    cpu.push(spent);
    wall.push(performance.now() - began);
  }
  if (documents.length !== count) throw new Error(`${documents.length} of ${count} containers were audited`);
  console.log(`${count} containers, ${groupsOf(auditDocuments(documents, around)).size} groups`);
  return {
    cpu,
    wall,
    evaluation: await evaluationUs(documents, around),
    peer: await inspectByCommandLine(ids, docker.url),
  };
}

/** CPU of all checks on one container, us: median of blocks of 10,000 documents. What a cold process pays is in the audit above, so the compiler has its turn first. */
async function evaluationUs(documents: readonly FactDocument[], around: Surroundings): Promise<number> {
  const times = Math.ceil(EVALUATIONS / documents.length);
  const block = () => {
    for (let i = 0; i < times; i++) auditDocuments(documents, around);
  };
  for (let i = 0; i < 3; i++) block();
  const spent: number[] = [];
  for (let i = 0; i < ROUNDS; i++) spent.push((await cpuMs(block)) / (times * documents.length));
  return median(spent) * 1000;
}
