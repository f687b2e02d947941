import { Frames, ResourceChanged, ResourceGet, ResourcesList } from '@seatrial/contracts';

import type { BusClient } from '../connect/client.ts';
import { CONTAINER_METRICS, containerColumns } from '../kinds/containers.ts';
import { HOST_METRICS, hostColumns } from '../kinds/hosts.ts';
import { liveValues } from '../kinds/live.ts';
import type { ResourceRow } from '../kinds/resources.ts';
import type { Flags } from '../parse/flags.ts';
import { allPages } from './pages.ts';
import { textWithout, type Source } from './source.ts';

const KINDS = {
  hosts: { singular: 'host', metrics: HOST_METRICS, columns: hostColumns },
  containers: { singular: 'container', metrics: CONTAINER_METRICS, columns: containerColumns },
} as const;

/** Hosts or containers of the inventory with their current values; all, or the one of this name. */
export function resourceSource(
  plural: keyof typeof KINDS,
  name: string | undefined,
  flags: Flags,
): Source<ResourceRow> {
  const { singular, metrics, columns } = KINDS[plural];
  const statuses = flags.list('status').map((word) => word.toLowerCase());
  return {
    load: async (bus) => {
      const all = await records(bus, singular, name, flags);
      const kept = statuses.length === 0 ? all : all.filter(({ status }) => statuses.includes(status.toLowerCase()));
      const live = await liveValues(
        bus,
        kept.map(({ id }) => id),
        metrics,
      );
      return kept.map((record) => ({ record, values: live.get(record.id) ?? [] }));
    },
    kind: (now) => ({
      columns: columns(now),
      name: ({ record }) => `${singular}/${record.name}`,
      empty: `no ${plural}`,
    }),
    data: ({ record, values }) => ({ ...record, values }),
    state: ({ record }) => textWithout(record, 'lastSeen'),
    events: [ResourceChanged.filter],
    ticks: Frames.filter,
  };
}

async function records(bus: BusClient, kind: 'host' | 'container', name: string | undefined, flags: Flags) {
  if (name !== undefined) return [(await bus.ask(ResourceGet, { id: name, kind })).resource];
  return allPages(
    bus,
    ResourcesList,
    { kinds: [kind], limit: 500, ...labelFilter(flags.text('label')) },
    (reply) => reply.resources,
  );
}

/** `key=value`, or `key` for any value. */
function labelFilter(text: string | undefined): { labels?: Record<string, string> } {
  if (text === undefined) return {};
  const [key = text, ...value] = text.split('=');
  return { labels: { [key]: value.join('=') } };
}
