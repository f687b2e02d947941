import { ResourceChanged, TargetChanged, TargetsList, type TargetState } from '@seatrial/contracts';

import type { BusClient } from '../connect/client.ts';
import { NotFound } from '../errors.ts';
import { targetColumns } from '../kinds/targets.ts';
import type { Flags } from '../parse/flags.ts';
import { didYouMean, nearest } from '../parse/nearest.ts';
import { textWithout, type Source } from './source.ts';

/** Targets with their health; all, or the one of this name. */
export function targetSource(name: string | undefined, flags: Flags): Source<TargetState> {
  const healths = flags.list('status').map((word) => word.toLowerCase());
  return {
    load: async (bus) => {
      const all = name === undefined ? (await bus.ask(TargetsList, {})).targets : [await targetNamed(bus, name)];
      return all.filter(({ health }) => healths.length === 0 || healths.includes(health));
    },
    kind: (now) => ({ columns: targetColumns(now), name: ({ id }) => `target/${id}`, empty: 'no targets' }),
    data: (target) => target,
    state: (target) => textWithout(target, 'lastSampleAt'),
    events: [TargetChanged.filter, ResourceChanged.filter],
  };
}

/** One target. @throws NotFound with the nearest names */
export async function targetNamed(bus: BusClient, name: string): Promise<TargetState> {
  const { targets } = await bus.ask(TargetsList, {});
  const found = targets.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const ids = targets.map(({ id }) => id);
  throw new NotFound(
    `target "${name}"`,
    didYouMean(name, ids) ?? `The targets are: ${ids.join(', ')}.`,
    nearest(name, ids),
  );
}
