import type { Relation } from '@seatrial/contracts';

import { attributesOf, type ResourceDraft, safeLabels, safeText } from './draft.ts';

/** Parts of the Engine API's answers that the inventory shows, in the engine's own names. */
export interface EngineFacts {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly cgroupVersion?: string | undefined;
  readonly cgroupDriver?: string | undefined;
  readonly storageDriver?: string | undefined;
  readonly kernel?: string | undefined;
  readonly operatingSystem?: string | undefined;
  readonly runtime?: string | undefined;
  readonly rootless: boolean;
  readonly userNamespaces: boolean;
}

export interface ContainerFacts {
  readonly Id: string;
  readonly Names: readonly string[] | null;
  readonly Image: string;
  readonly ImageID: string;
  readonly Created: number;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Ports?:
    | readonly {
        readonly IP?: string;
        readonly PrivatePort: number;
        readonly PublicPort?: number;
        readonly Type: string;
      }[]
    | null;
  readonly HostConfig?: { readonly NetworkMode?: string };
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly NetworkID?: string }>> | null;
  } | null;
  readonly Mounts?: readonly { readonly Type: string; readonly Name?: string; readonly Source: string }[] | null;
}

/** What only an inspect of a running container knows. */
export interface ContainerLife {
  readonly startedAt?: string | undefined;
  readonly restarts?: number | undefined;
  readonly oomKilled?: boolean | undefined;
  readonly exitCode?: number | undefined;
  readonly health?: string | undefined;
  readonly memoryLimitBytes?: number | undefined;
  readonly cpuLimit?: number | undefined;
}

/** Label of objects that the demo application owns. */
export const DEMO_LABEL = 'io.seatrial.demo';

/** @param host resource id of the machine the engine runs on, where it is known with certainty */
export function engineDraft(tgt: string, facts: EngineFacts, host?: Relation): ResourceDraft {
  return {
    id: engineId(tgt),
    tgt,
    src: 'docker',
    kind: 'engine',
    name: safeText(facts.name, 512),
    native: 'engine',
    uuid: safeText(facts.id, 128),
    status: 'running',
    attrs: attributesOf({
      version: facts.version,
      apiVersion: facts.apiVersion,
      cpus: facts.cpus,
      memoryBytes: facts.memoryBytes,
      cgroupVersion: facts.cgroupVersion,
      cgroupDriver: facts.cgroupDriver,
      storageDriver: facts.storageDriver,
      kernel: facts.kernel,
      operatingSystem: facts.operatingSystem,
      runtime: facts.runtime,
      rootless: facts.rootless,
      userNamespaces: facts.userNamespaces,
    }),
    labels: {},
    rel: host === undefined ? [] : [host],
  };
}

/** @param life absent for a container that was only listed */
export function containerDraft(tgt: string, listed: ContainerFacts, life: ContainerLife = {}): ResourceDraft {
  const networks = Object.values(listed.NetworkSettings?.Networks ?? {}).flatMap(({ NetworkID }) =>
    NetworkID ? [NetworkID] : [],
  );
  const volumes = (listed.Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : []));
  const joined = /^container:([0-9a-f]{64})$/.exec(listed.HostConfig?.NetworkMode ?? '')?.[1];
  const rel: Relation[] = [
    { type: 'runs-on', to: engineId(tgt) },
    { type: 'managed-by', to: resourceId(tgt, listed.ImageID), evidence: 'image' },
    ...networks.map((network): Relation => ({ type: 'connected-to', to: resourceId(tgt, network) })),
    ...(joined === undefined
      ? []
      : [{ type: 'connected-to', to: resourceId(tgt, joined), evidence: 'network namespace' } satisfies Relation]),
    ...volumes.map((volume): Relation => ({ type: 'stored-on', to: resourceId(tgt, volumeNative(volume)) })),
  ];
  const ports = (listed.Ports ?? [])
    .filter(({ PublicPort }) => PublicPort !== undefined)
    .map(({ IP, PrivatePort, PublicPort, Type }) => `${IP ?? ''}:${PublicPort}->${PrivatePort}/${Type}`);
  return {
    id: resourceId(tgt, listed.Id),
    tgt,
    src: 'docker',
    kind: 'container',
    name: safeText((listed.Names?.[0] ?? listed.Id.slice(0, 12)).replace(/^\//, ''), 512),
    native: listed.Id,
    status: safeText(listed.State, 64),
    attrs: attributesOf({
      image: listed.Image,
      createdAt: new Date(listed.Created * 1000).toISOString(),
      networkMode: listed.HostConfig?.NetworkMode,
      ports: ports.length === 0 ? undefined : ports.toSorted().join(', '),
      ...life,
    }),
    labels: safeLabels(listed.Labels),
    rel: rel.toSorted((a, b) => (`${a.type} ${a.to}` < `${b.type} ${b.to}` ? -1 : 1)),
  };
}

export function imageDraft(
  tgt: string,
  image: {
    readonly Id: string;
    readonly RepoTags: readonly string[] | null;
    readonly Created: number;
    readonly Size: number;
    readonly Labels?: Readonly<Record<string, string>> | null;
  },
): ResourceDraft {
  return {
    id: resourceId(tgt, image.Id),
    tgt,
    src: 'docker',
    kind: 'image',
    name: safeText(image.RepoTags?.[0] ?? image.Id.slice(0, 19), 512),
    native: image.Id,
    status: 'present',
    attrs: attributesOf({
      sizeBytes: image.Size,
      createdAt: new Date(image.Created * 1000).toISOString(),
      tags: image.RepoTags?.join(', '),
    }),
    labels: safeLabels(image.Labels),
    rel: [{ type: 'stored-on', to: engineId(tgt) }],
  };
}

export function networkDraft(
  tgt: string,
  network: {
    readonly Id: string;
    readonly Name: string;
    readonly Driver: string;
    readonly Scope?: string;
    readonly Internal?: boolean;
    readonly Labels?: Readonly<Record<string, string>> | null;
  },
): ResourceDraft {
  return {
    id: resourceId(tgt, network.Id),
    tgt,
    src: 'docker',
    kind: 'network',
    name: safeText(network.Name, 512),
    native: network.Id,
    status: 'present',
    attrs: attributesOf({ driver: network.Driver, scope: network.Scope, internal: network.Internal }),
    labels: safeLabels(network.Labels),
    rel: [{ type: 'contained-in', to: engineId(tgt) }],
  };
}

export function volumeDraft(
  tgt: string,
  volume: { readonly Name: string; readonly Driver: string; readonly Labels?: Readonly<Record<string, string>> | null },
): ResourceDraft {
  return {
    id: resourceId(tgt, volumeNative(volume.Name)),
    tgt,
    src: 'docker',
    kind: 'volume',
    name: safeText(volume.Name, 512),
    native: volumeNative(volume.Name),
    status: 'present',
    attrs: attributesOf({ driver: volume.Driver }),
    labels: safeLabels(volume.Labels),
    rel: [{ type: 'stored-on', to: engineId(tgt) }],
  };
}

/** `<target>/<native id>`. */
export const resourceId = (tgt: string, native: string): string => `${tgt}/${native}`;
export const engineId = (tgt: string): string => resourceId(tgt, 'engine');
/** A volume may be named like a container's id; the prefix keeps them apart. */
const volumeNative = (name: string): string => safeText(`volume:${name}`, 480);
