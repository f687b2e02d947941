import { parseArgs } from 'node:util';

import { DockerEngine } from '@seatrial/docker';
import type { AuditResult } from '@seatrial/contracts';
import { groupsOf, type FactDocument } from '@seatrial/isolation';
import { privateEngineImpossible, requireDocker, startEngine } from '@seatrial/testing';

import { startMany } from '../collector/containers.ts';
import { atMost, cpuMs, median, printFigures, quantile, reported } from '../figures.ts';
import { auditDocuments, documentsOf, surroundings, type Surroundings } from './auditor.ts';
import { inspectByCommandLine } from './command-line.ts';
import { profile } from './profiles.ts';
import { startService, type RunningAuditor } from './service.ts';
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
  // Beside other containers the service would audit those too.
  const impossible = privateEngineImpossible();
  if (impossible !== undefined) console.log(`All containers of this machine's engine are audited: ${impossible}.`);
  await using own = impossible === undefined ? await startEngine() : undefined;
  const engine = own ?? docker;
  await using containers = await startMany(engine, count, profile);
  await using auditor = await startService(engine.url);
  const { cpu, wall, process: whole, targets } = await audits(auditor);
  const latencies = await startLatencies(engine, auditor, starts);
  const documents = await read(engine.url, new Set(containers.all.map(({ id }) => id)));
  console.log(
    `The service audits ${targets} containers on a broker of its own; event to finding is from the engine's time of a start to the time at which the bus stored the finding.`,
  );
  printFigures('audit', {
    [`audit-of-${targets}-cpu`]: atMost(
      median(cpu),
      150,
      'ms CPU',
      await inspectByCommandLine(
        containers.all.map(({ id }) => id),
        engine.url,
      ),
    ),
    [`audit-of-${targets}-process-cpu`]: reported(whole, 'ms CPU'),
    [`audit-of-${targets}-wall`]: reported(median(wall), 'ms'),
    'rule-evaluation': atMost(await evaluationUs(documents.documents, documents.around), 50, 'us CPU/container'),
    'event-to-finding-p50': reported(median(latencies), 'ms'),
    'event-to-finding-p95': atMost(quantile(latencies, 0.95), 500, 'ms'),
  });
}

/** Audits by command: CPU and time of each as the service measures them, and CPU of its whole process (bus and archive included) for one of them. */
async function audits(auditor: RunningAuditor) {
  const { summary } = await auditor.audit(); // warms up
  const before = auditor.cpuMs();
  const results: AuditResult[] = [];
  for (let round = 0; round < ROUNDS; round++) results.push(await auditor.audit());
  return {
    cpu: results.map(({ cpuMs: spent }) => spent),
    wall: results.map(({ durationMs }) => durationMs),
    process: (auditor.cpuMs() - before) / ROUNDS,
    targets: summary.targets,
  };
}

/** The documents themselves, for the rules alone. */
async function read(url: string, wanted: ReadonlySet<string>) {
  await using engine = new DockerEngine({ url });
  const around = await surroundings(engine);
  const documents = await documentsOf(engine, around, wanted);
  if (documents.length !== wanted.size) throw new Error(`${documents.length} of ${wanted.size} containers were read`);
  console.log(`${documents.length} containers, ${groupsOf(auditDocuments(documents, around)).size} groups`);
  return { documents, around };
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
