import { existsSync } from 'node:fs';
import { demoOwner, deployDemo } from '../demo/deploy.ts';
import { demoNeedsEngine } from '../demo/errors.ts';
import { BUSYBOX, installPackage, mayInstall } from '../engine/apt.ts';
import type { Layout } from '../layout.ts';
import type { Session } from '../session.ts';
import type { EngineFound } from './engine-offer.ts';

/**
 * Starts the demo application on the engine; `--yes` also brings the busybox that its image is made from. @returns how many containers run
 * @throws DemoNeedsEngine, EngineDenied, DemoNeedsBusybox
 */
export async function bringDemo(
  { state }: EngineFound,
  { yes }: { readonly yes: boolean },
  layout: Layout,
  session: Session,
): Promise<number> {
  if (state.state !== 'answers') throw demoNeedsEngine(state.error);
  const say = (line: string): void => session.err(`${line}\n`);
  if (yes && !existsSync(BUSYBOX) && mayInstall(session.env)) {
    await installPackage('busybox-static', {
      env: session.env,
      logsDirectory: layout.logs,
      say,
      signal: session.signal,
    });
  }
  const demo = await deployDemo(state.url, demoOwner(layout.data), session.signal);
  say(`demo: ${demo.containers.join(', ')}\n      a page of it: http://127.0.0.1:${demo.port}/`);
  return demo.containers.length;
}
