export { createContainer, startContainer, TEST_RUN, type TestContainer, type TestContainerSpec } from './docker/container.ts';
export { requireDocker, type TestEngine } from './docker/engine.ts';
export { importTestImage } from './docker/image.ts';
