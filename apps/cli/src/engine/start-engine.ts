import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, runCommand } from '../process/command.ts';
import { spawnDetached } from '../process/detached.ts';
import { which } from '../process/which.ts';
import { installPackage, type AptOptions } from './apt.ts';
import { EngineInstallFailed } from './errors.ts';
import { administrationEnv, engineFacts } from './facts.ts';
import type { EnginePlan } from './plan.ts';
import { probeEngine, type EngineState } from './probe.ts';

/** An engine that this process brought up. */
export interface StartedEngine {
  readonly engine: Extract<EngineState, { state: 'answers' }>;
  /** How it was started, for people. */
  readonly how: string;
  /** Ends it again, the way it was started. */
  readonly stop: () => Promise<void>;
}

/** Under load an engine needs a while for its first answer; 45 s is four times the slowest seen. */
const ANSWER_MS = 45_000;

/** Installs (where the plan says so) and starts an engine; resolves only after it answered a ping. @throws EngineInstallFailed, PackageInstallFailed */
export async function startEngine(plan: EnginePlan & { can: true }, options: AptOptions): Promise<StartedEngine> {
  if (plan.install) await installPackage('docker.io', options);
  // The package's own script may have started it already.
  const running = plan.install ? await answering(options, 3000) : undefined;
  const started = running
    ? { engine: running, how: 'by its package', stop: stopper('service', ['docker', 'stop'], options) }
    : await start(options);
  if (started) return started;
  throw new EngineInstallFailed(
    'starting the Docker engine',
    lastLines(readText(dockerdLog(options)), 3) || 'no engine answers',
    dockerdLog(options),
  );
}

/** systemd where it runs, else the init script, else the daemon itself as a detached process with a log. */
async function start(options: AptOptions): Promise<StartedEngine | undefined> {
  const facts = engineFacts(options.env);
  const services = [
    ...(facts.systemd ? [{ command: 'systemctl', start: ['start', 'docker'], stop: ['stop', 'docker'] }] : []),
    ...(!facts.systemd && facts.initScript
      ? [{ command: 'service', start: ['docker', 'start'], stop: ['docker', 'stop'] }]
      : []),
  ];
  forgetStalePids();
  for (const service of services) {
    options.say(`starting the Docker engine (${service.command} ${service.start.join(' ')})`);
    const result = await runCommand(service.command, service.start, {
      env: administrationEnv(options.env),
      timeoutMs: ANSWER_MS,
    });
    const engine = result.ok ? await answering(options, ANSWER_MS) : undefined;
    if (engine) return { engine, how: service.command, stop: stopper(service.command, service.stop, options) };
    options.say(`${service.command}: ${lastLines(result.output, 1) || 'no engine answers'}`);
  }
  return startDaemon(options);
}

async function startDaemon(options: AptOptions): Promise<StartedEngine | undefined> {
  const env = administrationEnv(options.env);
  const dockerd = which('dockerd', env);
  if (dockerd === undefined) return undefined;
  // Where no init runs nobody has mounted the control groups; the command does nothing where they are mounted.
  if (which('cgroupfs-mount', env) !== undefined) await runCommand('cgroupfs-mount', [], { env, timeoutMs: 10_000 });
  options.say('starting the Docker engine (dockerd)');
  const daemon = spawnDetached(dockerd, [], { env, logFile: dockerdLog(options) });
  const engine = await answering(options, ANSWER_MS, daemon.exited);
  if (engine) return { engine, how: `dockerd, process ${daemon.pid}`, stop: () => daemon.stop(20_000) };
  await daemon.stop(20_000);
  return undefined;
}

function stopper(command: string, args: readonly string[], { env }: AptOptions): () => Promise<void> {
  return async () => void (await runCommand(command, args, { env: administrationEnv(env), timeoutMs: 60_000 }));
}

/** The engine once it answers; undefined when it does not in time, or when `gone` resolves first. */
async function answering(
  options: AptOptions,
  withinMs: number,
  gone?: Promise<unknown>,
): Promise<StartedEngine['engine'] | undefined> {
  const deadline = performance.now() + withinMs;
  let ended = false;
  void gone?.then(() => (ended = true));
  while (performance.now() < deadline && !ended) {
    options.signal?.throwIfAborted();
    const state = await probeEngine(options.env);
    if (state.state === 'answers') return state;
    await delay(200);
  }
  return undefined;
}

/**
 * After a hard stop of the machine or of a container its pid files survive, and the numbers in them may belong to others by now: dockerd then
 * refuses to start, or waits for a containerd that is none.
 */
function forgetStalePids(): void {
  for (const { file, program } of [
    { file: '/var/run/docker.pid', program: 'dockerd' },
    { file: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
  ]) {
    const pid = Number.parseInt(readText(file), 10);
    if (Number.isInteger(pid) && readText(`/proc/${pid}/comm`).trim() !== program) rmSync(file, { force: true });
  }
}

function dockerdLog({ logsDirectory }: AptOptions): string {
  return join(logsDirectory, 'dockerd.log');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
