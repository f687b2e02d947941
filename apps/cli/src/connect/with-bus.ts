import type { Session } from '../session.ts';
import type { Invocation } from '../verb-table/spec.ts';
import type { BusClient } from './client.ts';
import { noteTrace } from './trace-id.ts';

/** Opens the bus that the command line means, does the work in one trace, and closes it again, whatever happens. */
export async function withBus(
  invocation: Invocation,
  session: Session,
  work: (bus: BusClient) => Promise<number>,
): Promise<number> {
  const { startTrace } = await import('./tracing.ts');
  const trace = await startTrace(invocation.verb, session);
  try {
    return await trace.run(async () => {
      const { openBus } = await import('./open-bus.ts');
      await using bus = await openBus(invocation.flags, session);
      return await work(bus);
    });
  } catch (error) {
    noteTrace(error, trace.id);
    throw error;
  } finally {
    await trace.end();
  }
}
