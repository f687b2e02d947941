import {
  AuditCompleted,
  AuditStart,
  CheckList,
  Explain,
  FindingGet,
  FindingList,
  MetricsLatest,
  ResourceGet,
  ResourcesList,
  SeatrialError,
  TargetsList,
  type DataOf,
  type Finding,
  type ReplyOf,
  type ResourceRecord,
} from '@seatrial/contracts';
import { Handles, Rejected, Unrecoverable, type Bus, type Delivery } from '@seatrial/bus';

const seen = { firstSeen: '2026-11-25T09:00:00Z', lastSeen: '2026-11-25T10:00:00Z' };

/** A host and a container of the stand-in estate. */
export const HOST: ResourceRecord = {
  ...seen,
  id: 'host/host',
  tgt: 'host',
  src: 'host',
  kind: 'host',
  name: 'node-1',
  native: 'host',
  status: 'up',
  attrs: { cpus: 2, memoryBytes: 24 * 1024 ** 3, kernel: '6.18' },
  labels: {},
  rel: [],
  digest: 'd',
};
export const CONTAINER: ResourceRecord = {
  ...HOST,
  id: 'local/abcdef0123456789',
  tgt: 'local',
  src: 'docker',
  kind: 'container',
  name: 'shop-worker',
  native: 'abcdef0123456789',
  status: 'running',
  attrs: { image: 'demo:local' },
  labels: { 'io.seatrial.demo': 'true' },
  rel: [],
};

/** The one finding of the stand-in auditor. */
export const FINDING: Finding = {
  ...seen,
  fingerprint: '3f9a21bb77cc00112233445566778899',
  checkId: 'dkr.ns.pid.host',
  title: 'Container shares the processes of the host',
  status: 'fail',
  severity: 'high',
  severityBase: 'high',
  primary: true,
  target: {
    platform: 'docker',
    id: CONTAINER.native,
    name: CONTAINER.name,
    identity: 'local/name/shop-worker',
    host: 'node-1',
    tenant: 'unassigned',
    configHash: 'c',
    demo: true,
  },
  message: 'It is in the PID namespace of the host.',
  remedy: 'Run it with a private PID namespace.',
  evidence: [{ ref: '/HostConfig/PidMode', hash: 'ab', excerpt: 'host' }],
  occurrence: 1,
  confidence: 'effective',
};

const SUMMARY = { targets: 1, status: { pass: 41, fail: 1 }, severity: { high: 1 }, groups: 1 };

/** Speaks for the collector: the same subjects, rights and wire, a fixed estate. */
export class StandInCollector {
  /** Answers to `targets-list` wait for it: a slow service. */
  static ready: Promise<void> = Promise.resolve();

  @Handles(TargetsList)
  async targets(): Promise<ReplyOf<typeof TargetsList>> {
    await StandInCollector.ready;
    const common = { capabilities: [], since: seen.firstSeen };
    return {
      targets: [
        {
          ...common,
          id: 'local',
          src: 'docker',
          address: 'unix:///var/run/docker.sock',
          health: 'ok',
          version: '20.10.24',
          counts: { container: 1 },
        },
      ],
    };
  }

  @Handles(ResourcesList)
  async list({ kinds = [] }: DataOf<typeof ResourcesList>): Promise<ReplyOf<typeof ResourcesList>> {
    const resources = [HOST, CONTAINER].filter(({ kind }) => kinds.includes(kind));
    return { resources, total: resources.length };
  }

  @Handles(ResourceGet)
  async get({ id, kind }: DataOf<typeof ResourceGet>): Promise<ReplyOf<typeof ResourceGet>> {
    const resource = [HOST, CONTAINER].find((one) => one.name === id && one.kind === (kind ?? one.kind));
    if (resource === undefined)
      throw new SeatrialError(`the estate has no "${id}"`, {
        code: 'E-ESTATE-NOT-FOUND',
        details: { nearest: [CONTAINER.name] },
      });
    return { resource, owners: [], dependents: [] };
  }

  @Handles(MetricsLatest)
  async latest({ resources }: DataOf<typeof MetricsLatest>): Promise<ReplyOf<typeof MetricsLatest>> {
    const value = (resource: string, metric: string, unit: string, amount: number) => ({
      resource,
      metric,
      attrs: {},
      t: Date.now(),
      value: amount,
      unit,
      stale: false,
    });
    return {
      values: resources.includes(CONTAINER.id)
        ? [
            value(CONTAINER.id, 'container.cpu.usage', '{cpu}', 0.42),
            value(CONTAINER.id, 'container.memory.usage', 'By', 64 * 1024 ** 2),
          ]
        : [],
    };
  }
}

/** What an auditor does with the next audit. */
export type AuditBehaviour = 'complete' | 'reject' | 'give-up' | 'stay-silent';

/** Speaks for the auditor. Behaviour is set by the test; the bus is that of its service. */
export class StandInAuditor {
  static behaviour: AuditBehaviour = 'complete';
  static bus: Bus | undefined;

  @Handles(AuditStart)
  async audit({ auditId, scope }: DataOf<typeof AuditStart>, delivery: Delivery): Promise<void> {
    switch (StandInAuditor.behaviour) {
      case 'complete': {
        const end = {
          platform: 'docker',
          auditId,
          trigger: 'command',
          scope,
          summary: SUMMARY,
          opened: 1,
          resolved: 0,
          missedEvents: 0,
          durationMs: 1,
          cpuMs: 1,
          unknownReasons: {},
          partial: false,
        } as const;
        await StandInAuditor.bus?.publish(AuditCompleted, end, { cause: delivery });
        return;
      }
      case 'reject':
        throw new Rejected('the engine is gone', { code: 'E-SRC-UNREACHABLE', hint: 'Start it.' });
      case 'give-up':
        throw new Unrecoverable('a planted defect', { code: 'E-BUS-HANDLER' });
      case 'stay-silent':
        return;
    }
  }

  @Handles(FindingList)
  async list(): Promise<ReplyOf<typeof FindingList>> {
    const { platform, id, name, identity } = FINDING.target;
    const target = {
      platform,
      id,
      name,
      identity,
      status: 'running',
      demo: true,
      k: { host: 1 },
      grade: 'D',
      groupId: 'g',
    } as const;
    return {
      findings: [{ ...FINDING, state: 'open' }],
      total: 1,
      targets: [target],
      summary: SUMMARY,
      asOf: seen.lastSeen,
    };
  }

  @Handles(FindingGet)
  async get({ fingerprint }: DataOf<typeof FindingGet>): Promise<ReplyOf<typeof FindingGet>> {
    if (!FINDING.fingerprint.startsWith(fingerprint))
      throw new SeatrialError(`there is no finding ${fingerprint}`, { code: 'E-NOT-FOUND' });
    return {
      finding: { ...FINDING, state: 'open' },
      history: [{ at: seen.firstSeen, state: 'open', occurrence: 1, severity: 'high' }],
    };
  }

  @Handles(Explain)
  async explain({ checkId }: DataOf<typeof Explain>): Promise<ReplyOf<typeof Explain>> {
    const { target, status, severity, severityBase, confidence, message, evidence, primary, remedy } = FINDING;
    return { checkId, target, status, severity, severityBase, confidence, message, evidence, primary, remedy };
  }

  @Handles(CheckList)
  async checks(): Promise<ReplyOf<typeof CheckList>> {
    return { checks: [] };
  }
}
