import { type ContainerCounters, countersFromStats } from '@seatrial/docker';
import Docker from 'dockerode';

/**
 * The peer: the stats API through dockerode, the way its users call it, without an agent (with one it is some hundred times slower).
 * All containers are asked at once, since the engine answers at its next tick.
 */
export async function statsThroughDockerode(
  socketPath: string,
  ids: readonly string[],
): Promise<Map<string, ContainerCounters>> {
  const docker = new Docker({ socketPath });
  const counters = new Map<string, ContainerCounters>();
  await Promise.all(
    ids.map(async (id) => {
      const answer: unknown = await docker.getContainer(id).stats({ stream: false, 'one-shot': true });
      const sample = countersFromStats(answer, { epoch: 'bench' });
      if (sample !== undefined) counters.set(id, sample);
    }),
  );
  return counters;
}
