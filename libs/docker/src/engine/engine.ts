import { EngineProtocolBroken, EngineTooOld, NoSuchObject } from '../errors.ts';
import { DEFAULT_ENGINE_URL, type EngineTls, parseEngineUrl } from './endpoint.ts';
import { EngineTransport, type OpenStream, type RequestLimits } from './transport.ts';
import type {
  ContainerInspect,
  ContainerSummary,
  EngineInfo,
  EngineVersion,
  ImageSummary,
  NetworkSummary,
  VolumeSummary,
} from './types.ts';

/** How to reach an engine, and how long and how much to read. */
export interface DockerEngineOptions {
  /** `unix:///path`, `tcp://host:port`, `http(s)://host:port`. @default unix:///var/run/docker.sock */
  readonly url?: string;
  readonly tls?: EngineTls;
  /** Requests at once, beside an event stream. @default 8; the API sampler wants as many as it asks at once (64) */
  readonly connections?: number;
  /** Time for one answer, ms. @default 10_000 */
  readonly timeoutMs?: number;
}

/** API of Docker 20.10, the oldest this code is tested with. */
const OLDEST_API = '1.41';
/** API the requests below are written for; an older engine is asked in its own version, a newer one in this (or its oldest, if that is newer still). */
const PREFERRED_API = '1.44';

const MIB = 1024 * 1024;
/** One container: 4 MiB is some 20,000 environment entries. */
const INSPECT_LIMIT = 4 * MIB;
/** A listing grows with the engine: 64 MiB is some 20,000 containers with labels. */
const LIST_LIMIT = 64 * MIB;
const SMALL_LIMIT = MIB;

/**
 * Read access to one Docker engine: GET requests only. What starts and stops containers is `DockerControl`.
 * The API version is agreed on at the first request; every answer is limited in time and size and checked for its outer shape.
 */
export class DockerEngine implements AsyncDisposable {
  /** What people read in messages, e.g. `unix:///var/run/docker.sock`. */
  readonly address: string;
  readonly #transport: EngineTransport;
  readonly #timeoutMs: number;
  #agreed: Promise<EngineVersion> | undefined;

  constructor(options: DockerEngineOptions = {}) {
    const endpoint = parseEngineUrl(options.url ?? DEFAULT_ENGINE_URL, options.tls);
    this.address = endpoint.address;
    // One more, because an event stream holds its connection for ever.
    this.#transport = new EngineTransport(endpoint, (options.connections ?? 8) + 1);
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  /** The engine answers. @throws EngineUnreachable, EngineDenied, EngineTlsFailed, EngineProtocolBroken */
  async ping(signal?: AbortSignal): Promise<void> {
    const text = await this.#transport.getText('/_ping', this.#limits(SMALL_LIMIT, signal));
    if (text.trim() !== 'OK')
      throw new EngineProtocolBroken(this.address, 'it answers a ping with something else than OK');
  }

  /** Version of the engine, asked once and again after `forgetVersion`; all callers share the question. @throws EngineTooOld below API 1.41 */
  version(): Promise<EngineVersion> {
    this.#agreed ??= this.#askVersion().catch((error: unknown) => {
      this.#agreed = undefined; // the next call asks again
      throw error;
    });
    return this.#agreed;
  }

  /** Ask for the version again at the next request: after a lost connection another engine may answer at this address. */
  forgetVersion(): void {
    this.#agreed = undefined;
  }

  async info(signal?: AbortSignal): Promise<EngineInfo> {
    return this.#object<EngineInfo>('/info', SMALL_LIMIT, ['ID', 'Name'], signal);
  }

  /** All containers, also those that do not run (`all`, the default); with `id` only that one. */
  async listContainers({ all = true, id, signal }: { all?: boolean; id?: string; signal?: AbortSignal } = {}): Promise<
    ContainerSummary[]
  > {
    const query = [
      ...(all ? ['all=1'] : []),
      ...(id === undefined ? [] : [`filters=${encodeURIComponent(JSON.stringify({ id: [id] }))}`]),
    ].join('&');
    return this.#list<ContainerSummary>(`/containers/json${query && `?${query}`}`, 'Id', signal);
  }

  /** Configuration and state of one container by id or name. @throws NoSuchObject when it is gone, AnswerTooLarge above 4 MiB */
  async inspect(id: string, signal?: AbortSignal): Promise<ContainerInspect> {
    return this.#object<ContainerInspect>(
      `${this.#container(id)}/json`,
      INSPECT_LIMIT,
      ['Id', 'State', 'Config', 'HostConfig'],
      signal,
    );
  }

  async listImages(signal?: AbortSignal): Promise<ImageSummary[]> {
    return this.#list<ImageSummary>('/images/json', 'Id', signal);
  }

  async listNetworks(signal?: AbortSignal): Promise<NetworkSummary[]> {
    return this.#list<NetworkSummary>('/networks', 'Id', signal);
  }

  async listVolumes(signal?: AbortSignal): Promise<VolumeSummary[]> {
    const answer = await this.#object<{ Volumes: unknown }>('/volumes', LIST_LIMIT, ['Volumes'], signal);
    return this.#checkList<VolumeSummary>(answer.Volumes ?? [], '/volumes', 'Name');
  }

  /**
   * One reading of the engine's counters for a container (`stream=false&one-shot=true`), as sent: see `countersFromStats`. Engines before 23.0 answer only at
   * their next 1 Hz tick, so ask many at once.
   */
  async oneShotStats(
    id: string,
    { timeoutMs = this.#timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const path = await this.#versioned(`${this.#container(id)}/stats?stream=false&one-shot=true`);
    return this.#transport.getJson(path, {
      timeoutMs,
      limitBytes: SMALL_LIMIT,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Opens the event stream as the engine sends it: one JSON object a line. `followEvents` is what most callers want. */
  async openEvents(query: string, signal: AbortSignal): Promise<OpenStream> {
    return this.#transport.open(await this.#versioned(`/events${query}`), signal, this.#timeoutMs);
  }

  /** Cuts every connection. Safe to repeat. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  /** Names and ids of containers are a small alphabet; anything else can be no container and must not reach the path. */
  #container(id: string): string {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/.test(id))
      throw new NoSuchObject(this.address, `${JSON.stringify(id)} cannot be a container`);
    return `/containers/${id}`;
  }

  async #askVersion(): Promise<EngineVersion> {
    const answer = await this.#transport.getJson('/version', this.#limits(SMALL_LIMIT));
    const version = this.#checkObject<EngineVersion>(answer, '/version', ['ApiVersion', 'Version']);
    if (compareApi(version.ApiVersion, OLDEST_API) < 0)
      throw new EngineTooOld(this.address, version.ApiVersion, OLDEST_API);
    return version;
  }

  async #versioned(path: string): Promise<string> {
    const { ApiVersion, MinAPIVersion } = await this.version();
    return `/v${agreedApi(ApiVersion, MinAPIVersion)}${path}`;
  }

  async #object<T>(path: string, limitBytes: number, required: readonly string[], signal?: AbortSignal): Promise<T> {
    const answer = await this.#transport.getJson(await this.#versioned(path), this.#limits(limitBytes, signal));
    return this.#checkObject<T>(answer, path, required);
  }

  async #list<T>(path: string, required: string, signal?: AbortSignal): Promise<T[]> {
    const answer = await this.#transport.getJson(await this.#versioned(path), this.#limits(LIST_LIMIT, signal));
    return this.#checkList<T>(answer, path, required);
  }

  #checkObject<T>(answer: unknown, path: string, required: readonly string[]): T {
    if (typeof answer !== 'object' || answer === null)
      throw new EngineProtocolBroken(this.address, `the answer to ${path} is not an object`);
    const absent = required.find((field) => !(field in answer));
    if (absent !== undefined) throw new EngineProtocolBroken(this.address, `the answer to ${path} has no ${absent}`);
    return answer as T;
  }

  #checkList<T>(answer: unknown, path: string, required: string): T[] {
    if (!Array.isArray(answer)) throw new EngineProtocolBroken(this.address, `the answer to ${path} is not a list`);
    for (const element of answer) this.#checkObject<T>(element, path, [required]);
    return answer as T[];
  }

  #limits(limitBytes: number, signal?: AbortSignal): RequestLimits {
    return { timeoutMs: this.#timeoutMs, limitBytes, ...(signal === undefined ? {} : { signal }) };
  }
}

/** The version to ask in: the preferred one, moved into what the engine offers. */
function agreedApi(offered: string, oldestOffered: string | undefined): string {
  if (compareApi(offered, PREFERRED_API) < 0) return offered;
  return oldestOffered !== undefined && compareApi(oldestOffered, PREFERRED_API) > 0 ? oldestOffered : PREFERRED_API;
}

/** Orders `1.9` before `1.41`. */
function compareApi(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
