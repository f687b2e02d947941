import {
  DOMAINS,
  DOMAIN_OWNER,
  FindingList,
  STANDARD,
  TargetsList,
  type Domain,
  type ReplyOf,
  type TargetState,
} from '@seatrial/contracts';

import type { BusClient } from '../connect/client.ts';

/** Answer of a service, or why there is none. */
export interface ServiceState {
  readonly service: string;
  readonly domain: Domain;
  /** Answered, and all its consumers are bound. */ readonly ready: boolean;
  readonly version?: string;
  readonly startedAt?: string;
  /** Time of the round trip, ms. */ readonly ms?: number;
  /** Code and text when it did not answer. */ readonly code?: string;
  readonly message?: string;
}

/** State of a plane as `status` shows it. What a silent service would have said is absent. */
export interface PlaneState {
  readonly bus: string;
  readonly user: string;
  readonly services: readonly ServiceState[];
  readonly targets?: readonly TargetState[];
  readonly findings?: Pick<ReplyOf<typeof FindingList>, 'summary' | 'asOf' | 'total'>;
}

/** Asks every service; one that does not answer is part of the answer. */
export async function planeState(bus: BusClient): Promise<PlaneState> {
  const [services, targets, list] = await Promise.all([
    Promise.all(DOMAINS.map((domain) => ping(bus, domain))),
    bus.ask(TargetsList, {}).catch(() => undefined),
    bus.ask(FindingList, { limit: 1 }).catch(() => undefined),
  ]);
  return {
    bus: bus.url,
    user: bus.user,
    services,
    ...(targets !== undefined && { targets: targets.targets }),
    ...(list !== undefined && {
      findings: { summary: list.summary, total: list.total, ...(list.asOf !== undefined && { asOf: list.asOf }) },
    }),
  };
}

async function ping(bus: BusClient, domain: Domain): Promise<ServiceState> {
  const service = DOMAIN_OWNER[domain];
  const started = performance.now();
  try {
    const { ready, version, startedAt } = await bus.ask(STANDARD[domain].ping, {});
    return { service, domain, ready, version, startedAt, ms: Math.round((performance.now() - started) * 10) / 10 };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'E-INTERNAL';
    return { service, domain, ready: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}
