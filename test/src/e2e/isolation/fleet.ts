import { realpathSync, statSync } from 'node:fs';

import { DockerControl, DockerEngine, EngineRefused } from '@seatrial/docker';
import { hostNamespaceReference, readProcessEvidence } from '@seatrial/host';
import {
  bindSources,
  factDocument,
  hostReference,
  type DocumentOptions,
  type FactDocument,
  type HostReference,
} from '@seatrial/isolation';
import {
  createContainer,
  startContainer,
  TEST_RUN,
  type TestContainer,
  type TestContainerSpec,
  type TestEngine,
} from '@seatrial/testing';

import { PREFIX_MARK, type RealCase } from './cases.ts';

const PREFIX = `seatrial-iso-${TEST_RUN}-`;

/** What `docker run` needs so that nothing is found. Without a network, because dozens of them on one bridge are slow to start. */
const HARDENED = {
  NetworkMode: 'none',
  SecurityOpt: ['no-new-privileges'],
  CapDrop: ['ALL'],
  ReadonlyRootfs: true,
  Memory: 64 * 1024 * 1024,
  NanoCpus: 500_000_000,
  PidsLimit: 32,
};
/** Once an hour: the verdict is about being there. */
const HEALTHCHECK = { Test: ['CMD', 'true'], Interval: 3_600_000_000_000 };

/** One case on the engine. */
export interface Member {
  readonly case: RealCase;
  readonly container: TestContainer;
  /** False where the runtime refused to start it here, or it is never started. */
  readonly started: boolean;
  readonly refusal?: string;
}

/** Containers of all cases, started once for all tests. */
export class Fleet implements AsyncDisposable {
  readonly members: readonly Member[];
  readonly #engine: TestEngine;

  private constructor(engine: TestEngine, members: readonly Member[]) {
    this.#engine = engine;
    this.members = members;
  }

  /** Those that others join first, then the rest, four at a time. What was made before a failure is removed. */
  static async start(engine: TestEngine, cases: readonly RealCase[]): Promise<Fleet> {
    const refersTo = (item: RealCase) => JSON.stringify(item.hostConfig ?? {}).includes(`container:${PREFIX_MARK}`);
    const members: Member[] = [];
    const fleet = new Fleet(engine, members);
    const make = async (item: RealCase) => void members.push(await place(engine, item));
    try {
      await inTurns(
        cases.filter((item) => !refersTo(item)),
        make,
      );
      await inTurns(cases.filter(refersTo), make);
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Fact documents of all members, from configuration alone or with what the kernel says. */
  async documents(
    origin: 'file' | 'engine',
  ): Promise<{ documents: readonly FactDocument[]; host: HostReference; info: object }> {
    await using engine = new DockerEngine({ url: this.#engine.url });
    const running = this.members.find((member) => member.started);
    const reference = hostNamespaceReference(running ? { containerPid: running.container.pid } : {});
    const host = hostReference({
      name: 'test-host',
      namespaces: reference.namespaces,
      socketGids: [statSync('/var/run/docker.sock').gid],
    });
    const documents: FactDocument[] = [];
    for (const { container, started } of this.members) {
      const inspect = await engine.inspect(container.id);
      const evidence =
        started && origin === 'engine'
          ? await readProcessEvidence(inspect.State.Pid, { containerId: container.id })
          : undefined;
      const realSources = new Map(bindSources(inspect).map((source) => [source, realpathSync(source)]));
      const options: DocumentOptions = { salt: 'test', host: host.name, origin, realSources };
      documents.push(factDocument(inspect, evidence ? { ...options, evidence } : options));
    }
    return { documents, host, info: await engine.info() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await inTurns(this.members.toReversed(), async (member) => member.container[Symbol.asyncDispose]());
    await new DockerControl({ url: this.#engine.url }).removeVolume(`${PREFIX}volume`);
  }
}

async function place(engine: TestEngine, item: RealCase): Promise<Member> {
  const spec = specOf(item);
  if (item.createOnly)
    return {
      case: item,
      container: await createContainer(engine, spec),
      started: false,
      refusal: 'it is never started',
    };
  try {
    return { case: item, container: await startContainer(engine, spec), started: true };
  } catch (error) {
    // Anything else than the refusal that the case expects is a failure of the test.
    if (!item.mayBeRefused || !(error instanceof EngineRefused)) throw error;
    return { case: item, container: await createContainer(engine, spec), started: false, refusal: error.message };
  }
}

function specOf(item: RealCase): TestContainerSpec {
  const hostConfig = JSON.parse(
    JSON.stringify({ ...(item.plain ? {} : HARDENED), ...item.hostConfig }).replaceAll(PREFIX_MARK, PREFIX),
  ) as Record<string, unknown>;
  return {
    name: `${PREFIX}${item.name}`,
    hostConfig,
    ...(item.plain ? {} : { user: item.user ?? '65534:65534' }),
    ...(item.env === undefined ? {} : { env: item.env }),
    body: { ...(item.plain ? {} : { Healthcheck: HEALTHCHECK }), ...item.body },
  };
}

/** Carries out work on all items, four at a time. The first failure is thrown when all have come to an end. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lanes = Array.from({ length: 4 }, async () => {
    for (const item of queue) await work(item);
  });
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
}
