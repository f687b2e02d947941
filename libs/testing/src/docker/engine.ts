import { DEFAULT_ENGINE_URL, DockerEngine } from '@seatrial/docker';
import { SeatrialError } from '@seatrial/contracts';

/** The engine that tests may use, or why there is none. */
export interface TestEngine {
  readonly url: string;
  /** Why the tests on real containers cannot run; undefined when they can. */
  readonly skip: string | undefined;
}

/**
 * Finds the engine for tests: `SEATRIAL_TEST_DOCKER`, else `DOCKER_HOST`, else the socket of this machine. Use as
 * `const docker = await requireDocker(); describe.skipIf(docker.skip !== undefined)(...)`; the reason of a skip is printed.
 */
export async function requireDocker(): Promise<TestEngine> {
  const url = process.env['SEATRIAL_TEST_DOCKER'] ?? process.env['DOCKER_HOST'] ?? DEFAULT_ENGINE_URL;
  await using engine = new DockerEngine({ url, timeoutMs: 5_000 });
  try {
    await engine.version();
    return { url, skip: undefined };
  } catch (error) {
    const skip = error instanceof SeatrialError ? `${error.message} (${error.code})` : String(error);
    console.warn(`skipped: tests on real containers: ${skip}`);
    return { url, skip };
  }
}
