import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { SeatrialError } from '@seatrial/contracts';
import { BUSYBOX, installPackage } from '../engine/apt.ts';
import { engineFacts } from '../engine/facts.ts';
import { planEngine } from '../engine/plan.ts';
import { probeEngine } from '../engine/probe.ts';
import { startEngine, type StartedEngine } from '../engine/start-engine.ts';
import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { ensureTool } from '../tools/ensure-tool.ts';
import { toolContext } from '../tools/context.ts';

/** What the real parts of the tests need, as far as it could be had. */
export interface TestNeeds extends AsyncDisposable {
  /** Environment for the test run: the tools are on its PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is not there, one line each. Tests that need it skip and say so themselves. */
  readonly missing: readonly string[];
}

/**
 * Brings tools, static busybox and a Docker engine, each by the code that `up` and `tools` use. Never throws for a part that cannot be had: it is
 * listed. When disposed, ends the engine if it was started here: the machine is left as it was found.
 */
export async function bringNeeds(layout: Layout, io: Io, signal: AbortSignal): Promise<TestNeeds> {
  const missing: string[] = [];
  const say = (line: string): void => io.err(`${line}\n`);
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SeatrialError)) throw error;
      missing.push(`${what}: ${error.message}`);
      return undefined;
    }
  };

  const directories: string[] = [];
  for (const tool of TOOLS) {
    const ready = await attempt(tool.name, () => ensureTool(tool, toolContext(layout, io, { install: true, signal })));
    if (ready && ready.origin !== 'PATH') directories.push(dirname(ready.path));
  }
  if (!existsSync(BUSYBOX))
    await attempt('busybox-static', () =>
      installPackage('busybox-static', { env: io.env, logsDirectory: layout.logs, say, signal }),
    );
  const started = await attempt('Docker engine', () => engineForTests(layout, io, say, signal, missing));

  return {
    env: { ...io.env, PATH: [...directories, io.env.PATH ?? ''].join(delimiter) },
    missing,
    [Symbol.asyncDispose]: async () => {
      if (!started) return;
      say('stopping the Docker engine that was started for the tests');
      await started.stop();
    },
  };
}

/** The engine that had to be started; undefined where one answers already or none can be had. */
async function engineForTests(
  layout: Layout,
  io: Io,
  say: (line: string) => void,
  signal: AbortSignal,
  missing: string[],
): Promise<StartedEngine | undefined> {
  const found = await probeEngine(io.env);
  if (found.state === 'answers') return undefined;
  const plan = planEngine(engineFacts(io.env));
  if (plan.can) return startEngine(plan, { env: io.env, logsDirectory: layout.logs, say, signal });
  missing.push(`Docker engine: ${found.error.message}; not started here: ${plan.reason}`);
  return undefined;
}
