import { EngineUrlInvalid } from '../errors.ts';

/** PEM texts of a TLS connection to an engine. */
export interface EngineTls {
  /** Certificate authority that signed the engine's certificate. Without it the public ones count. */
  readonly ca?: string;
  /** Client certificate and key, where the engine asks for one (`dockerd --tlsverify`). */
  readonly cert?: string;
  readonly key?: string;
}

/** Where an engine is. Made by `parseEngineUrl`. */
export interface EngineEndpoint {
  /** What people read in messages: the URL without anything secret. */
  readonly address: string;
  /** Path of the unix socket; absent for TCP. */
  readonly socketPath?: string;
  /** `http://host:port` or `https://host:port`; for a unix socket a placeholder that only fills the Host header. */
  readonly origin: string;
  readonly tls?: EngineTls;
}

/** Where Docker listens unless told otherwise. */
export const DEFAULT_ENGINE_URL = 'unix:///var/run/docker.sock';

/**
 * Understands what Docker's own clients take in `DOCKER_HOST`: `unix:///path`, a bare absolute path, `tcp://host[:port]`, and `http(s)://host[:port]`.
 * `tcp` becomes https when TLS material is given, as with `docker --tlsverify`. Default ports are Docker's: 2375 clear, 2376 TLS.
 * @throws EngineUrlInvalid for every other scheme, a path behind a host, or credentials in the URL (they would end up in logs)
 */
export function parseEngineUrl(url: string, tls?: EngineTls): EngineEndpoint {
  if (url.startsWith('/')) return unixEndpoint(url);
  if (url.startsWith('unix://')) return unixEndpoint(url.slice('unix://'.length));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new EngineUrlInvalid('it is not a URL');
  if (!['tcp:', 'http:', 'https:'].includes(parsed.protocol)) {
    throw new EngineUrlInvalid(`the scheme ${parsed.protocol} is not supported`);
  }
  if (parsed.username !== '' || parsed.password !== '') throw new EngineUrlInvalid('it holds credentials');
  if (parsed.hostname === '') throw new EngineUrlInvalid('it has no host');
  if (!['', '/'].includes(parsed.pathname) || parsed.search !== '')
    throw new EngineUrlInvalid('it has a path behind the host');
  const secure = parsed.protocol === 'https:' || (parsed.protocol === 'tcp:' && tls !== undefined);
  // `new URL` drops the port when it is the scheme's own (http 80, https 443), which a person may have meant.
  const port = parsed.port || (/:(80|443)\/?$/.exec(url)?.[1] ?? (secure ? '2376' : '2375'));
  const origin = `${secure ? 'https' : 'http'}://${parsed.hostname}:${port}`;
  return { address: origin, origin, ...(secure && tls !== undefined ? { tls } : {}) };
}

function unixEndpoint(path: string): EngineEndpoint {
  if (!path.startsWith('/')) throw new EngineUrlInvalid('the path of a unix socket must be absolute');
  // sockaddr_un.sun_path holds 108 bytes with its terminating zero: a longer path is silently cut by some callers.
  if (Buffer.byteLength(path) > 107) throw new EngineUrlInvalid('the path of a unix socket may have at most 107 bytes');
  return { address: `unix://${path}`, socketPath: path, origin: 'http://engine' };
}
