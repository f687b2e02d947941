export { CgroupReader, type CgroupReaderOptions } from './cgroup/reader.ts';
export { CgroupSampler, type SampledContainer } from './cgroup/sampler.ts';
export type { ContainerCounters, SampleRound } from './counters.ts';
export { DockerControl, type ContainerCreateBody, type ExecBody } from './engine/control.ts';
export { DEFAULT_ENGINE_URL, type EngineEndpoint, type EngineTls, parseEngineUrl } from './engine/endpoint.ts';
export { DockerEngine, type DockerEngineOptions } from './engine/engine.ts';
export type {
  ContainerInspect,
  ContainerState,
  ContainerSummary,
  EngineInfo,
  EngineVersion,
  ImageSummary,
  MountPoint,
  NetworkAttachment,
  NetworkSummary,
  PublishedPort,
  VolumeSummary,
} from './engine/types.ts';
export {
  AnswerTooLarge,
  CounterSourceMissing,
  EngineDenied,
  EngineProtocolBroken,
  EngineRefused,
  EngineTlsFailed,
  EngineTooOld,
  EngineUnreachable,
  EngineUrlInvalid,
  EventBacklogFull,
  NoSuchObject,
} from './errors.ts';
export { type EngineEvent, parseEvent } from './events/event.ts';
export { type EventSignal, followEvents, type FollowOptions } from './events/follow.ts';
export { busyboxImageTar } from './image/busybox-image.ts';
export { type ApiSampledContainer, ApiSampler } from './stats/api-sampler.ts';
export { countersFromStats, type StatsContext } from './stats/from-stats.ts';
