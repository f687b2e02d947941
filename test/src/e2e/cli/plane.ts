import type { PersonRole } from '@seatrial/contracts';
import { startBroker, type Broker } from '@seatrial/testing';

import { runService, type RunningService } from '../../contract/bus/run-service.ts';
import { freshFolder } from './folder.ts';
import { runCli, type CliOptions, type CliResult } from './run-cli.ts';
import { StandInAuditor, StandInCollector } from './stand-ins.ts';

/** A real broker with the generated rights, and stand-ins for both services in the process of the test. */
export interface CliPlane extends AsyncDisposable {
  readonly broker: Broker;
  readonly collector: RunningService;
  readonly auditor: RunningService;
  /** Data folder of the command lines. */
  readonly data: string;
  /** Runs `seatrial ...` as a person of this role. */
  cli(role: PersonRole, args: readonly string[], options?: Partial<CliOptions>): Promise<CliResult>;
}

/** Starts the plane that command lines of a test speak to. */
export async function startCliPlane(): Promise<CliPlane> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(freshFolder());
  const broker = stack.use(await startBroker());
  const collector = stack.use(await runService(broker, 'collector', StandInCollector));
  const auditor = stack.use(await runService(broker, 'isolation-auditor', StandInAuditor));
  StandInAuditor.bus = auditor.bus;
  StandInAuditor.behaviour = 'complete';
  const rest = stack.move();
  return {
    broker,
    collector,
    auditor,
    data: folder.path,
    cli: (role, args, options = {}) =>
      runCli(args, {
        data: folder.path,
        ...options,
        env: { SEATRIAL_BUS: broker.url, SEATRIAL_CREDS: broker.seedFile(role), ...options.env },
      }),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}
