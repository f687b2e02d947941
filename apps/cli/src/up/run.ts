import { EXIT } from '@seatrial/contracts';
import { layoutOf, type Layout } from '../layout.ts';
import { paintFor } from '../output/print.ts';
import type { Flags } from '../parse/flags.ts';
import type { RunState } from '../plane/run-state.ts';
import { livingHolder } from '../process/lock.ts';
import { pidOf } from '../process/mark.ts';
import type { Session } from '../session.ts';
import { toolContext } from '../tools/context.ts';
import { ensureTool } from '../tools/ensure-tool.ts';
import { toolNamed } from '../tools/run.ts';
import { bringDemo } from './bring-demo.ts';
import { demoNeedsEngine } from '../demo/errors.ts';
import { findEngine, type EngineFound } from './engine-offer.ts';
import { ServicesSilent } from './errors.ts';
import { followStart } from './follow.ts';
import { holdPlane } from './hold.ts';
import { gateOf, takeFirstLook, type Look } from './look.ts';
import type { UpOptions } from './options.ts';
import { nextLines, serviceReport, type UpReport } from './report.ts';
import { engineSource, hostSource, type Source } from './sources.ts';
import { spawnSupervisor, type SpawnedSupervisor } from './spawn-supervisor.ts';
import { ORDER_VARIABLE, supervise, type SupervisorOrder } from './supervise.ts';
import { jsonView, textView, type UpView } from './view.ts';

/** What one `up` works with. */
interface Up {
  readonly options: UpOptions;
  readonly session: Session;
  readonly layout: Layout;
  readonly view: UpView;
  readonly engine: EngineFound;
  readonly sources: readonly Source[];
}

/** `up`: joins the plane that runs here, or starts one; takes the first look; then stays, leaves it running, or ends it, as the flags say. */
export async function run(options: UpOptions, flags: Flags, session: Session): Promise<number> {
  const layout = layoutOf(session.env);
  const order = session.env[ORDER_VARIABLE];
  if (order !== undefined) return supervise(JSON.parse(order) as SupervisorOrder, layout, session);

  const view = options.json ? jsonView(session) : textView(session, paintFor(flags, session));
  view.banner(options.keep);
  const engine = await findEngine(options, layout, session, session.signal);
  const sources = [engineSource(engine.state, engine.plan, options.demo), hostSource()];
  view.sources(sources);
  if (options.demo && engine.state.state !== 'answers') throw demoNeedsEngine(engine.state.error);
  const up: Up = { options, session, layout, view, engine, sources };
  return (await livingHolder(layout.lock)) === undefined ? start(up) : join(up);
}

/** Starts a plane and ends it with this command, unless `--detach` leaves it running. */
async function start(up: Up): Promise<number> {
  const { options, layout, session } = up;
  const server = await ensureTool(
    toolNamed('nats-server'),
    toolContext(layout, session, { install: options.yes, signal: session.signal }),
  );
  const own = spawnSupervisor(
    { natsServer: server.path, keep: options.keep, attached: !options.detach },
    layout,
    session.env,
  );
  let leave = false;
  try {
    const state = await followStart(layout, own, (member) => up.view.service(member), session.signal);
    if (state !== undefined) {
      leave = options.detach;
      return await proceed(up, state, own);
    }
  } finally {
    if (!leave || session.signal.aborted) await own.stop();
  }
  return join(up); // another `up` was a moment earlier
}

/** Joins the plane that others started; it goes on when this command ends. */
async function join(up: Up): Promise<number> {
  const { options, layout, session } = up;
  const holder = await livingHolder(layout.lock);
  session.err(`already running${holder === undefined ? '' : ` (pid ${pidOf(holder)})`}, attaching\n`);
  const state = await followStart(layout, undefined, (member) => up.view.service(member), session.signal);
  if (state === undefined) return start(up);
  if (options.keep && !state.keep)
    session.err('warning: this plane was started without --keep: its bus data goes with it\n');
  return proceed(up, state, undefined);
}

/** The plane is ready: demo, first look, and what the flags want after it. */
async function proceed(up: Up, state: RunState, own: SpawnedSupervisor | undefined): Promise<number> {
  const { options, view, session, layout } = up;
  const demo = options.demo ? await bringDemo(up.engine, options, layout, session) : 0;
  const services = state.processes.map(serviceReport);
  const silent = services.filter((service) => !service.ok);
  const expected = { engine: up.engine.state.state === 'answers', demo };
  // A service that is late is still watched, but nobody waits for it.
  const look: Partial<Look> =
    silent.length > 0 ? {} : await takeFirstLook(expected, state.busUrl ?? '', layout, session, view);
  const report: UpReport = {
    mode: own ? 'started' : 'attached',
    bus: state.busUrl ?? '',
    // The demo came after the sources were counted.
    sources: up.sources.map((source) =>
      source.kind === 'docker' ? { ...source, objects: source.objects + demo } : source,
    ),
    services,
    ...look,
    next: nextLines({ sources: up.sources, ...look }),
  };
  const stays = !options.once && !options.detach;
  view.summary(report, closing(options, own !== undefined, stays, session));
  if (silent.length > 0 && options.once) throw new ServicesSilent(silent);
  const gate = gateOf(look.scan, options.failOn, session);
  if (!stays) return gate;
  const end = await holdPlane(report.bus, layout, own, session);
  if (own === undefined) session.err('the plane goes on; ./seatrial down ends it\n');
  return end === 'interrupted' ? EXIT.interrupted : gate;
}

/** The last line of the summary: how to end what runs now. */
function closing(options: UpOptions, own: boolean, stays: boolean, session: Session): string {
  if (options.once && own) return 'Done; everything is stopped now.';
  if (!stays) return 'Running. ./seatrial down ends it.';
  return session.canAsk
    ? `Ready. Press q to ${own ? 'stop' : 'leave'}.`
    : `Ready. Ctrl-C ${own ? 'stops everything' : 'leaves'}.`;
}
