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
