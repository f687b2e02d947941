export { METRICS, unitOf } from './metrics/catalogue.ts';
export { CONTAINER } from './metrics/container.ts';
export { HOST } from './metrics/host.ts';
export { seriesKey, type Metric, type SeriesShape } from './metrics/metric.ts';
export { SampleColumns, type TickHead } from './samples/columns.ts';
export { isStale, LastValues, type LastValue } from './samples/last-values.ts';
export { ContainerNormaliser } from './normalise/container.ts';
export { HostNormaliser } from './normalise/host.ts';
export type { ContainerReading, FilesystemReading, HostReading } from './normalise/readings.ts';
export { safeText, type ResourceDraft } from './inventory/draft.ts';
export {
  containerDraft,
  DEMO_LABEL,
  engineDraft,
  engineId,
  imageDraft,
  networkDraft,
  resourceId,
  volumeDraft,
  type ContainerFacts,
  type ContainerLife,
  type EngineFacts,
} from './inventory/docker.ts';
export { hostDraft, hostId, type HostFacts } from './inventory/host.ts';
export { changeOf, diffInventory, digestOf, inventoryKey, recordOf, type InventoryDiff } from './inventory/record.ts';
export { EstateGraph } from './inventory/estate-graph.ts';
export { findResource, type Found } from './inventory/find.ts';
export { buildFrames, isAlive, type FrameInput } from './frame/build-frame.ts';
