import { SeatrialError } from '@seatrial/contracts';

/** The salt of the hashes of secrets cannot be read or made. */
export class SaltUnreadable extends SeatrialError {
  constructor(path: string, cause: unknown) {
    super(`the salt file ${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'E-FILE-INVALID',
      cause,
      hint: 'Make its folder writable for this user, or remove the file: a new one is made, and findings about secrets open anew.',
    });
  }
}

/** No container of that id or name. */
export class ContainerUnknown extends SeatrialError {
  constructor(word: string, nearest: readonly string[]) {
    super(`there is no container ${JSON.stringify(word)}`, {
      code: 'E-NOT-FOUND',
      hint: nearest.length > 0 ? `Did you mean ${nearest.join(', ')}?` : '`seatrial get containers` lists them.',
      details: { nearest },
    });
  }
}

/** The container ended before its configuration could be read: an event named it, and nobody saw more of it. */
export class EvidenceGone extends SeatrialError {
  constructor(id: string, cause: unknown) {
    super(`container ${id.slice(0, 12)} was gone before it could be inspected`, {
      code: 'E-ISO-EVIDENCE-GONE',
      cause,
      details: { container: id },
    });
  }
}

/** The inspect document of a container is larger than what is read. */
export class EvidenceTooLarge extends SeatrialError {
  constructor(id: string, cause: unknown) {
    super(`the inspect document of container ${id.slice(0, 12)} is too large to be read`, {
      code: 'E-ISO-TOO-LARGE',
      cause,
      hint: 'The audit of the others goes on; look for huge labels or environments on it.',
      details: { container: id },
    });
  }
}

/** The namespaces of the engine, with which those of containers are compared, cannot be read. */
export class NamespaceReferenceUnreadable extends SeatrialError {
  constructor(host: string, why: string) {
    super(`the namespaces of the engine of ${host} cannot be read: ${why}`, { code: 'E-ISO-NSREF' });
  }
}

/** Processes of containers may not be looked at. */
export class ProcessesDenied extends SeatrialError {
  constructor(host: string, containers: number, why: string) {
    super(`the processes of ${containers} containers of ${host} may not be read: ${why}`, {
      code: 'E-SRC-PERM',
      hint: 'Run the auditor as root on the host of the engine; until then what only the kernel knows is unknown.',
    });
  }
}

/** The word fits no id or name, or several. */
export class ContainerIdInvalid extends SeatrialError {
  constructor(word: string, why: string) {
    super(`${JSON.stringify(word)} ${why}`, {
      code: 'E-ISO-ID',
      hint: 'Use the name, or at least the first 12 characters of the id.',
    });
  }
}

/** No finding has this fingerprint. */
export class FindingUnknown extends SeatrialError {
  constructor(fingerprint: string, why: string) {
    super(`finding ${JSON.stringify(fingerprint)} ${why}`, {
      code: 'E-NOT-FOUND',
      hint: '`seatrial get findings` lists them.',
    });
  }
}

/** A cursor that no earlier page gave. */
export class CursorInvalid extends SeatrialError {
  constructor() {
    super('the cursor is not one of an earlier page', { code: 'E-USAGE', hint: 'Start again without a cursor.' });
  }
}

/** No engine answers, so there is nothing to audit. */
export class EnginesUnreachable extends SeatrialError {
  constructor(reason: string, code: string, cause: unknown) {
    super(`no engine could be audited: ${reason}`, {
      code,
      cause,
      hint: 'Is the engine running, and may this service read its socket?',
      retryable: true,
    });
  }

  static from(error: unknown): EnginesUnreachable {
    return new EnginesUnreachable(
      error instanceof Error ? error.message : String(error),
      error instanceof SeatrialError ? error.code : 'E-SRC-UNREACHABLE',
      error,
    );
  }
}
