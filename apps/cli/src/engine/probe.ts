import { DEFAULT_ENGINE_URL, DockerEngine, EngineDenied } from '@seatrial/docker';
import { SeatrialError } from '@seatrial/contracts';
import { which } from '../process/which.ts';

/** What is at the address where an engine should be. */
export type EngineState =
  | {
      readonly state: 'answers';
      readonly url: string;
      readonly version: string;
      readonly containers: number;
      readonly running: number;
      /** `1` or `2`, as the engine says. */
      readonly cgroupVersion: string | undefined;
    }
  | {
      readonly state: 'denied' | 'silent';
      readonly url: string;
      readonly error: SeatrialError;
      /** A Docker client is installed. */ readonly client: boolean;
    };

/** The engine's address: `DOCKER_HOST`, else the standard socket. */
export function engineUrl(env: Readonly<Record<string, string | undefined>>): string {
  return env.DOCKER_HOST !== undefined && env.DOCKER_HOST !== '' ? env.DOCKER_HOST : DEFAULT_ENGINE_URL;
}

/** Asks the engine who it is; takes at most `timeoutMs`. Reads only. */
export async function probeEngine(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = 2000,
): Promise<EngineState> {
  const url = engineUrl(env);
  try {
    await using engine = new DockerEngine({ url, timeoutMs });
    await engine.ping();
    const [version, info] = await Promise.all([engine.version(), engine.info()]);
    return {
      state: 'answers',
      url,
      version: version.Version,
      containers: info.Containers,
      running: info.ContainersRunning,
      cgroupVersion: info.CgroupVersion,
    };
  } catch (error) {
    if (!(error instanceof SeatrialError)) throw error;
    return {
      state: error instanceof EngineDenied ? 'denied' : 'silent',
      url,
      error,
      client: which('docker', env) !== undefined,
    };
  }
}
