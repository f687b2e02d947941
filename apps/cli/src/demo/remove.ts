import { SeatrialError } from '@seatrial/contracts';
import { engineUrl } from '../engine/probe.ts';
import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';
import { demoOwner, removeDemo } from './deploy.ts';

/** Demo containers are on the engine, whoever runs: they go also when the plane is gone already. */
export async function removeDemoIfAny(layout: Layout, io: Io): Promise<void> {
  try {
    const removed = await removeDemo(engineUrl(io.env), demoOwner(layout.data));
    if (removed > 0) io.err(`removed the demo application: ${removed} containers\n`);
  } catch (error) {
    if (!(error instanceof SeatrialError)) throw error;
    // Without an engine there can be no running demo; with a silent one this is worth knowing.
    if (error.code !== 'E-SRC-UNREACHABLE')
      io.err(`warning: the demo application was not looked for: ${error.message}\n`);
  }
}
