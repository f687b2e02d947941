import { createRequire } from 'node:module';
import type Docker from 'dockerode';
import { EngineRefused, fromStatus, fromTransport, NoSuchObject } from '../errors.ts';
import { DEFAULT_ENGINE_URL, type EngineEndpoint, type EngineTls, parseEngineUrl } from './endpoint.ts';

/** What a container is made from: the body of the Engine API's `POST /containers/create`, in its own names. */
export interface ContainerCreateBody {
  readonly Image: string;
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly HostConfig?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A command to run in a running container. */
export interface ExecBody {
  readonly Cmd: readonly string[];
  readonly User?: string;
  readonly Privileged?: boolean;
}

/**
 * Changes on one Docker engine. Kept apart from `DockerEngine` so that what only reads cannot change anything. Ids and names are the engine's own.
 * Goes through dockerode without an agent of its own: with one, its client inspects every open socket on each call.
 * Every method throws EngineUnreachable, EngineDenied, EngineTlsFailed, NoSuchObject or EngineRefused.
 */
export class DockerControl {
  readonly address: string;
  readonly #docker: Docker;

  constructor(options: { url?: string; tls?: EngineTls; timeoutMs?: number } = {}) {
    const endpoint = parseEngineUrl(options.url ?? DEFAULT_ENGINE_URL, options.tls);
    this.address = endpoint.address;
    // Loaded when first wanted: it brings gRPC and SSH, 15 MB that a process which only reads never uses.
    const Client = createRequire(import.meta.url)('dockerode') as typeof Docker;
    this.#docker = new Client({ ...dialOptions(endpoint), timeout: options.timeoutMs ?? 60_000 });
  }

  /**
   * Makes an image of one layer from a tar of its root file system. `changes` are Dockerfile lines (`CMD`, `ENV`, `LABEL`, ...). Resolves when the engine has it.
   */
  async importImage(
    tar: Buffer,
    reference: { repository: string; tag: string },
    changes: readonly string[],
  ): Promise<void> {
    // The engine reads `changes` as lines of one Dockerfile; dockerode would send a list as JSON.
    const options = { repo: reference.repository, tag: reference.tag, changes: changes.join('\n') };
    const progress = await this.#ask(() => this.#docker.importImage(tar as unknown as string, options));
    const text = await this.#ask(async () => {
      const chunks: string[] = [];
      for await (const chunk of progress) chunks.push(String(chunk));
      return chunks.join('');
    });
    // Failures after the first byte arrive as a line of the progress, with status 200.
    const failure = /"error":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
    if (failure !== undefined) throw new EngineRefused(this.address, 500, failure);
  }

  /** @returns the id of the image, undefined when the engine has none of this name */
  async imageId(reference: string): Promise<string | undefined> {
    return this.#ask(async () => (await this.#docker.getImage(reference).inspect()).Id).catch(absent);
  }

  async removeImage(reference: string): Promise<void> {
    await this.#ask(() => this.#docker.getImage(reference).remove({ force: true })).catch(absent);
  }

  /** @returns the id */
  async createContainer(name: string, body: ContainerCreateBody): Promise<string> {
    // Told apart, because dockerode would write all of it into the URL too: environments are long, and secret.
    const options = { _query: { name }, _body: body } as unknown as Docker.ContainerCreateOptions;
    return (await this.#ask(() => this.#docker.createContainer(options))).id;
  }

  /** Starts it; one that runs already is left alone. */
  async start(container: string): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).start());
  }

  /** Stops it, by force after the grace period. */
  async stop(container: string, graceSeconds: number): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).stop({ t: graceSeconds }));
  }

  async restart(container: string, graceSeconds: number): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).restart({ t: graceSeconds }));
  }

  async kill(container: string, signal = 'SIGKILL'): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).kill({ signal }));
  }

  async pause(container: string): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).pause());
  }

  async unpause(container: string): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).unpause());
  }

  /** Changes limits of a container while it runs: fields of HostConfig such as `Memory`, `PidsLimit`, `RestartPolicy`. */
  async update(container: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).update({ ...changes }));
  }

  /** Runs a command in a container and does not wait for it. @returns the id of the exec */
  async exec(container: string, body: ExecBody): Promise<string> {
    return this.#ask(async () => {
      const exec = await this.#docker.getContainer(container).exec({ ...body, Cmd: [...body.Cmd] });
      await exec.start({ Detach: true });
      return exec.id;
    });
  }

  /** Removes it with its anonymous volumes, also while it runs. One that is gone already is no error. */
  async remove(container: string): Promise<void> {
    await this.#ask(() => this.#docker.getContainer(container).remove({ force: true, v: true })).catch(absent);
  }

  /** @returns the id */
  async createNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<string> {
    return (await this.#ask(() => this.#docker.createNetwork({ Name: name, Labels: { ...labels } }))).id;
  }

  async removeNetwork(network: string): Promise<void> {
    await this.#ask(() => this.#docker.getNetwork(network).remove()).catch(absent);
  }

  async createVolume(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    await this.#ask(() => this.#docker.createVolume({ Name: name, Labels: { ...labels } }));
  }

  async removeVolume(name: string): Promise<void> {
    await this.#ask(() => this.#docker.getVolume(name).remove({ force: true })).catch(absent);
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const status = statusOf(error);
      if (status === 304) return undefined as T; // it is in the wanted state already; only start and stop answer so, and return nothing
      throw status === undefined
        ? fromTransport(this.address, error)
        : fromStatus(this.address, status, messageOf(error));
    }
  }
}

function dialOptions(endpoint: EngineEndpoint): Docker.DockerOptions {
  if (endpoint.socketPath !== undefined) return { socketPath: endpoint.socketPath };
  const { protocol, hostname, port } = new URL(endpoint.origin);
  // Named in full: what is left out dockerode takes from the DOCKER_* environment.
  return { host: hostname, port, protocol: protocol === 'https:' ? 'https' : 'http', ...endpoint.tls };
}

/** An object that is not there is what `remove` wants and what `imageId` reports. */
function absent(error: unknown): undefined {
  if (error instanceof NoSuchObject) return undefined;
  throw error;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** dockerode wraps the engine's words as `(HTTP code 409) conflict - words `; the JSON it received has them plain. */
function messageOf(error: unknown): string {
  if (error instanceof Error && 'json' in error && error.json !== null && typeof error.json === 'object')
    return JSON.stringify(error.json);
  return error instanceof Error ? error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim() : String(error);
}
