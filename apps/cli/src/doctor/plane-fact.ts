import { STANDARD } from '@seatrial/contracts';
import { openBus } from '../connect/open-bus.ts';
import type { Layout } from '../layout.ts';
import { runningPlane, supervisorPid } from '../plane/run-state.ts';
import type { Session } from '../session.ts';
import { SERVICES } from '../up/services.ts';
import { busFlags } from '../up/bus-flags.ts';
import type { Unread } from './check.ts';
import type { PlaneFact } from './plane.ts';

/** The running plane of this checkout, as far as it answers; undefined when nothing runs. */
export async function planeFact(layout: Layout, session: Session): Promise<PlaneFact | undefined> {
  const state = runningPlane(layout.runFile);
  if (state?.busUrl === undefined) return undefined;
  const fact = { pid: supervisorPid(state), busUrl: state.busUrl };
  try {
    await using bus = await openBus(busFlags(state.busUrl, layout, 2000), session);
    const services = SERVICES.map(async ({ name, domain }) => ({
      name,
      version: await bus.ask(STANDARD[domain].ping, {}).then(
        (pong) => pong.version,
        () => undefined,
      ),
    }));
    const deadLetters = bus.deadLetters().then((letters) => letters.length, unread);
    return { ...fact, deadLetters: await deadLetters, services: await Promise.all(services) };
  } catch (error) {
    return {
      ...fact,
      deadLetters: unread(error),
      services: SERVICES.map(({ name }) => ({ name, version: undefined })),
    };
  }
}

function unread(error: unknown): Unread {
  return { unread: error instanceof Error ? error.message : String(error) };
}
