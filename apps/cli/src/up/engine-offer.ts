import { createInterface } from 'node:readline/promises';
import { EngineUrlInvalid } from '@seatrial/docker';
import { wrap } from '@seatrial/report';
import { EngineAddressInvalid } from '../engine/errors.ts';
import { engineFacts } from '../engine/facts.ts';
import { planEngine, type EnginePlan } from '../engine/plan.ts';
import { probeEngine, type EngineState } from '../engine/probe.ts';
import { startEngine } from '../engine/start-engine.ts';
import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';

export interface EngineOffer {
  /** Accept the installation without a question. */
  readonly yes: boolean;
  /** Never ask and never install. */
  readonly noInstall: boolean;
}

/** The engine that was found, brought, or is missing. */
export interface EngineFound {
  readonly state: EngineState;
  readonly plan: EnginePlan;
}

/**
 * Looks for an engine. Where none answers it says so once, and brings one if the person wants that: `--yes`, or a yes to the question that a
 * terminal shows. Without one the plane runs all the same.
 * @throws EngineAddressInvalid when DOCKER_HOST is no address; EngineInstallFailed, PackageInstallFailed when it was wanted and failed
 */
export async function findEngine(
  offer: EngineOffer,
  layout: Layout,
  io: Io,
  signal: AbortSignal,
): Promise<EngineFound> {
  const state = await probeEngine(io.env);
  if (state.state !== 'answers' && state.error instanceof EngineUrlInvalid) throw new EngineAddressInvalid(state.error);
  const plan = planEngine(engineFacts(io.env));
  if (state.state === 'answers') return { state, plan };
  io.err(`${wrap(sentence(state), 78).join('\n')}\n`);
  if (state.state === 'denied' || offer.noInstall) return { state, plan };
  if (!plan.can) {
    // Who may not install gets the lines to type; they stand in the table of sources only in part.
    if (offer.yes)
      io.err([`cannot bring an engine: ${plan.reason}`, ...plan.lines.map((line) => `  ${line}`), ''].join('\n'));
    return { state, plan };
  }
  if (!offer.yes && !(await accepted(plan, io, signal))) return { state, plan };
  const { engine, how } = await startEngine(plan, {
    env: io.env,
    logsDirectory: layout.logs,
    say: (line) => io.err(`${line}\n`),
    signal,
  });
  io.err(`the Docker engine runs (${how}) and stays when this ends\n`);
  return { state: engine, plan };
}

function sentence(state: Exclude<EngineState, { state: 'answers' }>): string {
  const where = state.url.replace('unix://', '');
  if (state.state === 'denied') return `Docker engine: ${state.error.message}. ${state.error.hint ?? ''}`;
  return state.client ? `Docker client found, engine not answering at ${where}` : `no Docker engine at ${where}`;
}

async function accepted(plan: EnginePlan & { can: true }, io: Io, signal: AbortSignal): Promise<boolean> {
  if (!io.canAsk) return false;
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await question.question(
      `${plan.install ? 'Install and start' : 'Start'} it now (${plan.lines.join('; ')})? [y/N] `,
      { signal },
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    question.close();
  }
}
