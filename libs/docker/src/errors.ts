import { SeatrialError } from '@seatrial/contracts';

/** No engine answers at this address: no socket, nobody listening, no route, no answer in time. */
export class EngineUnreachable extends SeatrialError {
  static readonly code = 'E-SRC-UNREACHABLE';
  constructor(address: string, reason: string, cause?: unknown) {
    super(`the Docker engine at ${address} does not answer: ${reason}`, {
      code: EngineUnreachable.code,
      cause,
      retryable: true,
      hint: 'Is the engine running? `systemctl status docker` shows it; DOCKER_HOST or the target URL names another.',
      details: { address },
    });
  }
}

/** The socket is there, but this user may not use it. */
export class EngineDenied extends SeatrialError {
  static readonly code = 'E-SRC-PERM';
  constructor(address: string, cause?: unknown) {
    super(`no permission to use the Docker engine at ${address}`, {
      code: EngineDenied.code,
      cause,
      hint: 'Run `sudo usermod -aG docker $USER` and log in again, or run as root. Who can use this socket is root on that host.',
      details: { address },
    });
  }
}

/** The certificate of the engine, or ours, was not accepted. */
export class EngineTlsFailed extends SeatrialError {
  static readonly code = 'E-SRC-TLS';
  constructor(address: string, reason: string, cause?: unknown) {
    super(`TLS to the Docker engine at ${address} failed: ${reason}`, {
      code: EngineTlsFailed.code,
      cause,
      hint: 'Name the certificate authority (and the client certificate, where the engine wants one) in the target.',
      details: { address },
    });
  }
}

/** Something answers, but it does not speak the Engine API. */
export class EngineProtocolBroken extends SeatrialError {
  static readonly code = 'E-ESTATE-PROTOCOL';
  constructor(address: string, reason: string, cause?: unknown) {
    super(`${address} does not speak the Docker Engine API: ${reason}`, {
      code: EngineProtocolBroken.code,
      cause,
      hint: 'Check that the URL is that of a Docker engine and not of a proxy or another service.',
      details: { address },
    });
  }
}

/** The engine is older than API 1.41 (Docker 20.10). */
export class EngineTooOld extends SeatrialError {
  static readonly code = 'E-ESTATE-DOCKER-API';
  constructor(address: string, offered: string, needed: string) {
    super(`the Docker engine at ${address} offers API ${offered}; ${needed} or newer is needed`, {
      code: EngineTooOld.code,
      hint: 'Upgrade it to Docker 20.10 or newer.',
      details: { address, offered, needed },
    });
  }
}

/** An answer larger than its limit was cut off. */
export class AnswerTooLarge extends SeatrialError {
  static readonly code = 'E-SRC-TOO-LARGE';
  constructor(address: string, path: string, limitBytes: number) {
    super(`the answer of the Docker engine at ${address} to ${path} is larger than ${limitBytes} bytes`, {
      code: AnswerTooLarge.code,
      hint: 'Only this object is left out. Look for huge labels or environments on it.',
      details: { address, path, limitBytes },
    });
  }
}

/** The engine has no such container, image, network or volume. */
export class NoSuchObject extends SeatrialError {
  static readonly code = 'E-ESTATE-NOT-FOUND';
  constructor(address: string, message: string) {
    super(`the Docker engine at ${address} says: ${message}`, {
      code: NoSuchObject.code,
      hint: '`seatrial get containers` lists what there is; a container that just ended is gone.',
      details: { address },
    });
  }
}

/** The engine refused a request or failed at it. */
export class EngineRefused extends SeatrialError {
  static readonly code = 'E-ESTATE-ENGINE';
  readonly status: number;
  constructor(address: string, status: number, message: string) {
    super(`the Docker engine at ${address} answered ${status}: ${message}`, {
      code: EngineRefused.code,
      retryable: status >= 500,
      hint: 'The message is that of the engine; its own log has more.',
      details: { address, status },
    });
    this.status = status;
  }
}

/** The URL of an engine is not one we can use. */
export class EngineUrlInvalid extends SeatrialError {
  static readonly code = 'E-ESTATE-INVALID';
  constructor(reason: string) {
    super(`the URL of the Docker engine is invalid: ${reason}`, {
      code: EngineUrlInvalid.code,
      hint: 'Use unix:///var/run/docker.sock, tcp://host:2375, http://host:2375 or https://host:2376.',
    });
  }
}

/** The reader of the event stream fell so far behind that the stream was cut; it is resumed, and the owner lists again. */
export class EventBacklogFull extends SeatrialError {
  static readonly code = 'E-ESTATE-ENGINE';
  constructor(address: string, limit: number) {
    super(`more than ${limit} events of the Docker engine at ${address} wait to be handled; the stream was cut`, {
      code: EventBacklogFull.code,
      retryable: true,
      hint: 'It resumes where it was cut. If this repeats, the machine is overloaded.',
      details: { address, limit },
    });
  }
}

/** The counters of a container cannot be read from this machine's cgroup files; the engine's API may still have them. */
export class CounterSourceMissing extends SeatrialError {
  static readonly code = 'W-ESTATE-CAPABILITY';
  constructor(container: string, reason: string, cause?: unknown) {
    super(`the cgroup counters of container ${container.slice(0, 12)} cannot be read: ${reason}`, {
      code: CounterSourceMissing.code,
      cause,
      hint: 'In a container, mount /proc and /sys of the host read-only and run with the host cgroup namespace; otherwise the API of the engine is asked.',
      details: { container },
    });
  }

  /** Reads the errno of a failed open or read. */
  static from(container: string, error: unknown): CounterSourceMissing {
    if (error instanceof CounterSourceMissing) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new CounterSourceMissing(
      container,
      /^EMFILE|^ENFILE/.test(text) ? `${text} (raise the limit of open files)` : text,
      error,
    );
  }
}

/** Reads a failed connection or a broken answer of Node, undici or OpenSSL. Errors of ours pass through. */
export function fromTransport(address: string, error: unknown): SeatrialError {
  if (error instanceof SeatrialError) return error;
  const code = foreignCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'EACCES' || code === 'EPERM') return new EngineDenied(address, error);
  if (isTlsFailure(code, text)) return new EngineTlsFailed(address, text, error);
  // undici's parser error has a name only, that of Node's own client a code only.
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError'))
    return new EngineProtocolBroken(address, text, error);
  return new EngineUnreachable(address, reasonOf(code, text), error);
}

/** Reads an answer with a status of 400 or more. */
export function fromStatus(address: string, status: number, body: string): SeatrialError {
  const message = engineMessage(body) ?? body.slice(0, 200);
  if (status === 404) return new NoSuchObject(address, message);
  if (status === 401 || status === 403) return new EngineDenied(address, new Error(message));
  if (/client sent an HTTP request to an HTTPS server/i.test(message)) return new EngineTlsFailed(address, message);
  return new EngineRefused(address, status, message);
}

/** Node's texts say the code and the address twice; ours says once what it means. */
function reasonOf(code: string, text: string): string {
  if (code === 'ENOENT') return 'the socket does not exist';
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is unknown';
  if (code === 'ENOTSOCK') return 'the path is not a socket';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return `the connection was cut (${text})`;
  return text === '' ? code || 'unknown reason' : text;
}

/** OpenSSL and Node name their failures in several families of codes; a clear-text answer to TLS is one too. */
function isTlsFailure(code: string, text: string): boolean {
  return (
    /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/.test(code) ||
    /wrong version number|alert (unknown ca|certificate required|bad certificate)/i.test(text)
  );
}

/** The code of the innermost error: connection attempts to several addresses arrive as an `AggregateError`. */
function foreignCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    const inner: unknown = at instanceof AggregateError ? at.errors[0] : at.cause;
    if (!(inner instanceof Error)) return code;
    at = inner;
  }
  return '';
}

function engineMessage(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string')
      return parsed.message;
  } catch {
    // Not JSON: the caller shows the text itself.
  }
  return undefined;
}
