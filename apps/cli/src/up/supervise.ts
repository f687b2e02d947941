import { EXIT } from '@seatrial/contracts';
import { removeDemoIfAny } from '../demo/remove.ts';
import type { Layout } from '../layout.ts';
import type { Session } from '../session.ts';
import { startBroker } from './broker.ts';
import { BusLost } from './errors.ts';
import { startServices } from './services.ts';
import { Supervisor } from './supervisor.ts';

/** What the command that starts a supervisor hands to it, as JSON in its environment. */
export interface SupervisorOrder {
  /** Absolute path of the nats-server to run. */
  readonly natsServer: string;
  readonly keep: boolean;
  /** End when the starting command ends, however it does; else run until somebody stops it. */
  readonly attached: boolean;
}

const FORGOTTEN_MS = 3000;

/** Environment variable of the order; set only for the supervisor process itself. */
export const ORDER_VARIABLE = 'SEATRIAL_SUPERVISOR_ORDER';

/**
 * Runs a plane until it is stopped: broker, provisioning, services. Everything is taken down again on the way out, whichever way that is.
 * @throws LockHeld when another supervisor has this plane, BusLost at the second death of the broker
 */
export async function supervise(order: SupervisorOrder, layout: Layout, session: Session): Promise<number> {
  try {
    return await runPlane(order, layout, session);
  } finally {
    // The open channel would keep this process alive, also one that found the plane taken.
    if (process.connected) process.disconnect();
    // So would a handle that somebody forgot: a plane that has ended must not have a process for ever.
    setTimeout(() => process.exit(), FORGOTTEN_MS).unref();
  }
}

async function runPlane(order: SupervisorOrder, layout: Layout, session: Session): Promise<number> {
  const parentGone = order.attached ? disconnected() : new AbortController().signal;
  const lost = new AbortController();
  const over = AbortSignal.any([session.signal, parentGone, lost.signal]);
  await using supervisor = await Supervisor.take({ layout, keep: order.keep });
  try {
    const broker = await startBroker(supervisor, order.natsServer, layout, over, (logFile) =>
      lost.abort(new BusLost(logFile)),
    );
    await startServices({ supervisor, busUrl: broker.url, layout, session, over });
    supervisor.update({ phase: 'ready' });
    await untilAborted(over);
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    await supervisor.stop();
    await removeDemoIfAny(layout, session);
  }
  if (lost.signal.aborted) throw lost.signal.reason;
  return EXIT.ok;
}

/** Aborts when the command that started this process is gone: it holds the other end of the channel. */
function disconnected(): AbortSignal {
  const gone = new AbortController();
  if (process.connected) process.once('disconnect', () => gone.abort());
  else gone.abort();
  return gone.signal;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
