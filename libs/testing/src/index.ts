export { startBroker, type Broker, type BrokerOptions } from './broker/broker.ts';
export { findNatsServer } from './broker/find-server.ts';
export { smallDisk, type SmallDisk } from './disk/small-disk.ts';
export {
  createContainer,
  startContainer,
  TEST_RUN,
  type TestContainer,
  type TestContainerSpec,
} from './docker/container.ts';
export { requireDocker, type TestEngine } from './docker/engine.ts';
export { importTestImage } from './docker/image.ts';
export { type PrivateEngine, privateEngineImpossible, startEngine } from './docker/private-engine.ts';
export { type EngineProxy, proxyEngine } from './docker/proxy.ts';
export { unprivileged } from './docker/unprivileged.ts';
export { findFerretDb, startFerretDb, type FerretDbProgram, type TestFerretDb } from './ferretdb/ferretdb.ts';
export { sampleBatch } from './messages/sample-batch.ts';
export { startOtlpSink, type OtlpSink, type ReceivedTrace } from './otlp/sink.ts';
export { type ReceivedSpan } from './otlp/span.ts';
export { compiled } from './process/compiled.ts';
export { residentBytes } from './process/memory.ts';
export { spawnNode, type Exit, type NodeProcess, type SpawnNodeOptions } from './process/spawn-node.ts';
export { until } from './until.ts';
