import { readFileSync, readdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACTS } from '@seatrial/contracts';
import { DockerEngine } from '@seatrial/docker';
import { BUSYBOX } from '../engine/apt.ts';
import { engineFacts } from '../engine/facts.ts';
import { planEngine } from '../engine/plan.ts';
import { engineUrl, probeEngine } from '../engine/probe.ts';
import type { Layout } from '../layout.ts';
import { BUS_PORT, isPortFree } from '../plane/ports.ts';
import { runningPlane } from '../plane/run-state.ts';
import { runCommand } from '../process/command.ts';
import { which } from '../process/which.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { isAtLeast, versionIn } from '../tools/version.ts';
import { VERSION } from '../version.ts';
import { cgroupVersion } from './cgroup.ts';
import type { CheckResult, Unread } from './check.ts';
import { checkEngine } from './engine.ts';
import {
  checkBusybox,
  checkCgroup,
  checkClock,
  checkDisk,
  checkGo,
  checkKeys,
  checkNode,
  checkPressure,
} from './machine.ts';
import {
  checkContracts,
  checkJetStream,
  checkPlane,
  checkPort,
  checkServer,
  type PlaneFact,
  type ServerFact,
} from './plane.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Looks at everything once and judges it. Starts nothing that stays, changes nothing. @param plane the running plane as far as it answers */
export async function examine(layout: Layout, env: Env, plane: PlaneFact | undefined): Promise<CheckResult[]> {
  const [engine, server, go, disk, port, skew] = await Promise.all([
    probeEngine(env),
    serverFact(layout, env),
    runCommand('go', ['version'], { env, timeoutMs: 5000 }),
    statfs(layout.root),
    portHolder(layout),
    clockSkew(env),
  ]);
  return [
    checkNode(process.versions.node),
    checkServer(server),
    checkPort(BUS_PORT, port),
    checkPlane(plane),
    checkJetStream(plane),
    checkContracts({ version: VERSION, count: CONTRACTS.length }, plane),
    checkEngine(engine, planEngine(engineFacts(env))),
    checkCgroup(cgroupVersion()),
    checkPressure(readable('/proc/pressure/cpu')),
    checkClock(skew),
    checkDisk(layout.data, disk.bavail * disk.bsize),
    checkKeys(...keyFacts(layout)),
    checkGo(go.ok ? go.output.trim() : undefined),
    checkBusybox(readable(BUSYBOX) === true ? BUSYBOX : undefined),
  ];
}

async function serverFact(layout: Layout, env: Env): Promise<ServerFact> {
  const tool = TOOLS.find(({ name }) => name === 'nats-server');
  const own = which('nats-server', { PATH: join(layout.tools, 'nats-server') });
  for (const path of [which('nats-server', env), own]) {
    if (path === undefined) continue;
    const version = versionIn((await runCommand(path, ['--version'], { env, timeoutMs: 5000 })).output) ?? '0.0.0';
    if (isAtLeast(version, tool?.minimum ?? version)) return { version, path };
    if (own === undefined) return { tooOld: version, path };
  }
  return { none: true };
}

async function portHolder(layout: Layout): Promise<'nobody' | 'plane' | 'other'> {
  if (await isPortFree(BUS_PORT)) return 'nobody';
  return runningPlane(layout.runFile)?.busUrl?.endsWith(`:${BUS_PORT}`) === true ? 'plane' : 'other';
}

async function clockSkew(env: Env): Promise<number | undefined> {
  try {
    await using engine = new DockerEngine({ url: engineUrl(env), timeoutMs: 2000 });
    await engine.version();
    const asked = Date.now();
    const { SystemTime } = await engine.info();
    return SystemTime === undefined ? undefined : Date.parse(SystemTime) - (asked + Date.now()) / 2;
  } catch {
    return undefined;
  }
}

function readable(path: string): true | Unread {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return { unread: error instanceof Error ? error.message : String(error) };
  }
}

function keyFacts(layout: Layout): [count: number, readable: string[]] {
  try {
    const files = readdirSync(layout.keys).map((name) => join(layout.keys, name));
    return [files.length, files.filter((file) => (statSync(file).mode & 0o077) !== 0)];
  } catch {
    return [0, []];
  }
}
