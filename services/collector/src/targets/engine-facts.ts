import type { Relation } from '@seatrial/contracts';
import {
  AnswerTooLarge,
  type ContainerInspect,
  type ContainerSummary,
  type DockerEngine,
  type EngineInfo,
  NoSuchObject,
} from '@seatrial/docker';
import {
  containerDraft,
  engineDraft,
  hostId,
  imageDraft,
  networkDraft,
  volumeDraft,
  type ContainerLife,
  type ResourceDraft,
} from '@seatrial/estate';
import type { HostIdentity } from '@seatrial/host';

import { inParallel } from '../inventory/in-parallel.ts';

/** What one full look at an engine gives. */
export interface EngineListing {
  readonly info: EngineInfo;
  readonly version: string;
  readonly drafts: readonly ResourceDraft[];
  /** Running containers, inspected. */
  readonly running: readonly ContainerInspect[];
}

/** The machine this process runs on, and the target that watches it. */
export interface LocalHost {
  readonly target: string;
  readonly identity: HostIdentity;
}

/** Objects beside containers that appear and vanish by themselves: type of their events, and kind. */
export const OTHER_KINDS: ReadonlyMap<string, OtherKind> = new Map([
  ['image', 'image'],
  ['network', 'network'],
  ['volume', 'volume'],
]);
export type OtherKind = 'image' | 'network' | 'volume';

/** Lists the objects of one kind. */
export async function listKind(
  engine: DockerEngine,
  tgt: string,
  kind: OtherKind,
  signal: AbortSignal,
): Promise<ResourceDraft[]> {
  switch (kind) {
    case 'image':
      return (await engine.listImages(signal)).map((image) => imageDraft(tgt, image));
    case 'network':
      return (await engine.listNetworks(signal)).map((network) => networkDraft(tgt, network));
    case 'volume':
      return (await engine.listVolumes(signal)).map((volume) => volumeDraft(tgt, volume));
  }
}

/** Lists everything on an engine. @param host given when the engine is reached by a local socket */
export async function listEngine(
  engine: DockerEngine,
  tgt: string,
  host: LocalHost | undefined,
  signal: AbortSignal,
): Promise<EngineListing> {
  const [version, info, containers, images, networks, volumes] = await Promise.all([
    engine.version(),
    engine.info(signal),
    engine.listContainers({ signal }),
    listKind(engine, tgt, 'image', signal),
    listKind(engine, tgt, 'network', signal),
    listKind(engine, tgt, 'volume', signal),
  ]);
  const looks = await inParallel(containers.map((listed) => () => look(engine, listed, signal)));
  const seen = looks.filter((each) => each !== undefined);
  return {
    info,
    version: version.Version,
    running: seen.flatMap(({ inspect }) => (inspect?.State.Running === true ? [inspect] : [])),
    drafts: [
      engineDraft(tgt, engineFacts(info, version.ApiVersion), hostRelation(info, host)),
      ...seen.map(({ listed, inspect }) => containerDraft(tgt, listed, lifeOf(inspect))),
      ...images,
      ...networks,
      ...volumes,
    ],
  };
}

/** One container as the engine shows it. */
export interface ContainerLook {
  readonly listed: ContainerSummary;
  /** Absent when it is too large to read: then only what the listing shows is known. */
  readonly inspect?: ContainerInspect;
}

/** Looks at one container by id. Undefined when the engine does not know it (any more). */
export async function lookAt(
  engine: DockerEngine,
  id: string,
  signal: AbortSignal,
): Promise<ContainerLook | undefined> {
  const listed = (await engine.listContainers({ id, signal })).find(({ Id }) => Id === id);
  return listed === undefined ? undefined : look(engine, listed, signal);
}

async function look(
  engine: DockerEngine,
  listed: ContainerSummary,
  signal: AbortSignal,
): Promise<ContainerLook | undefined> {
  try {
    return { listed, inspect: await engine.inspect(listed.Id, signal) };
  } catch (error) {
    if (error instanceof NoSuchObject) return undefined;
    if (error instanceof AnswerTooLarge) return { listed };
    throw error;
  }
}

/** What changes in the life of a container and only an inspect knows. */
export function lifeOf(inspect: ContainerInspect | undefined): ContainerLife {
  if (inspect === undefined) return {};
  const { State, HostConfig, RestartCount } = inspect;
  const { Memory = 0, NanoCpus = 0 } = HostConfig;
  return {
    startedAt: State.StartedAt.startsWith('0001-') ? undefined : State.StartedAt,
    restarts: RestartCount,
    oomKilled: State.OOMKilled || undefined,
    exitCode: State.Running || State.Status === 'created' ? undefined : State.ExitCode,
    health: State.Health?.Status,
    memoryLimitBytes: Memory === 0 ? undefined : Memory,
    cpuLimit: NanoCpus === 0 ? undefined : NanoCpus / 1e9,
  };
}

function engineFacts(info: EngineInfo, apiVersion: string): Parameters<typeof engineDraft>[1] {
  const security = info.SecurityOptions ?? [];
  return {
    id: info.ID,
    name: info.Name,
    version: info.ServerVersion,
    apiVersion,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    cgroupVersion: info.CgroupVersion,
    cgroupDriver: info.CgroupDriver,
    storageDriver: info.Driver,
    kernel: info.KernelVersion,
    operatingSystem: info.OperatingSystem,
    runtime: info.DefaultRuntime,
    rootless: security.some((option) => option.includes('rootless')),
    userNamespaces: security.some((option) => option.includes('userns')),
  };
}

/** A local socket may still lead elsewhere (a forwarded one), so name and kernel must agree, and even then it is not certain. */
function hostRelation(info: EngineInfo, host: LocalHost | undefined): Relation | undefined {
  if (host === undefined || info.Name !== host.identity.hostname || info.KernelVersion !== host.identity.kernelRelease)
    return undefined;
  return {
    type: 'runs-on',
    to: hostId(host.target),
    evidence: 'local socket, same host name and kernel',
    confidence: 0.9,
  };
}
