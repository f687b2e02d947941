/**
 * The parts of the Engine API's answers that Seatrial reads, in the engine's own names. Fields a supported engine (API 1.41 and newer) may leave out or send as
 * null are optional. The answers are not changed on the way: whoever needs more reads it from the same object.
 * Source: Docker Engine API reference, v1.41 and v1.44.
 */

/** `GET /version`. */
export interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os?: string;
  readonly Arch?: string;
  readonly KernelVersion?: string;
}

/** `GET /info`. */
export interface EngineInfo {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Containers: number;
  readonly ContainersRunning: number;
  readonly ContainersPaused: number;
  readonly ContainersStopped: number;
  readonly Images?: number;
  readonly Driver?: string;
  readonly CgroupDriver?: string;
  /** `1` or `2`. */
  readonly CgroupVersion?: string;
  readonly DefaultRuntime?: string;
  readonly DockerRootDir?: string;
  readonly KernelVersion?: string;
  readonly OperatingSystem?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  /** e.g. `name=seccomp,profile=default`, `name=userns`, `name=cgroupns`. */
  readonly SecurityOptions?: readonly string[] | null;
  readonly Labels?: readonly string[] | null;
  /** Clock of the engine, RFC 3339 with nanoseconds. */
  readonly SystemTime?: string;
  readonly Warnings?: readonly string[] | null;
}

/** One element of `GET /containers/json`. */
export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[] | null;
  readonly Image: string;
  readonly ImageID: string;
  readonly Command?: string;
  /** Unix seconds. */
  readonly Created: number;
  /** created, running, paused, restarting, removing, exited, dead. */
  readonly State: string;
  /** Text for people, e.g. `Up 3 minutes (healthy)`. */
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Ports?: readonly PublishedPort[] | null;
  readonly HostConfig?: { readonly NetworkMode?: string };
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, NetworkAttachment>> | null } | null;
  readonly Mounts?: readonly MountPoint[] | null;
}

/** A port of a container in a listing; without `PublicPort` it is exposed only. */
export interface PublishedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** A container's place in one network. */
export interface NetworkAttachment {
  readonly NetworkID?: string;
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  readonly MacAddress?: string;
  readonly Aliases?: readonly string[] | null;
}

/** A mount as the engine resolved it. */
export interface MountPoint {
  /** bind, volume, tmpfs, npipe, cluster. */
  readonly Type: string;
  /** Name of the volume; absent for a bind. */
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Mode?: string;
  readonly RW: boolean;
  readonly Propagation?: string;
}

/** `GET /containers/{id}/json`; only what inventory and sampling need is named here. */
export interface ContainerInspect {
  readonly Id: string;
  /** With its leading slash. */
  readonly Name: string;
  /** RFC 3339 with nanoseconds. */
  readonly Created: string;
  readonly Image: string;
  readonly RestartCount?: number;
  readonly State: ContainerState;
  readonly Config: {
    readonly Image: string;
    readonly Hostname?: string;
    readonly User?: string;
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig: {
    readonly NetworkMode?: string;
    readonly CgroupParent?: string;
    readonly Memory?: number;
    readonly NanoCpus?: number;
    readonly Runtime?: string;
  };
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, NetworkAttachment>> | null } | null;
  readonly Mounts?: readonly MountPoint[] | null;
}

/** Where a container is in its life. */
export interface ContainerState {
  readonly Status: string;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  /** Process id on the engine's host; 0 when there is no process. */
  readonly Pid: number;
  readonly ExitCode: number;
  readonly StartedAt: string;
  readonly FinishedAt: string;
  readonly Health?: { readonly Status: string } | null;
}

/** One element of `GET /images/json`. */
export interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  /** Unix seconds. */
  readonly Created: number;
  /** Bytes. */
  readonly Size: number;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** One element of `GET /networks`. */
export interface NetworkSummary {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope?: string;
  readonly Internal?: boolean;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** One element of `Volumes` in `GET /volumes`. */
export interface VolumeSummary {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint?: string;
  readonly CreatedAt?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}
