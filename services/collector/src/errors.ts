import { SeatrialError } from '@seatrial/contracts';

/** The estate has no such object. */
export class ResourceUnknown extends SeatrialError {
  constructor(word: string, nearest: readonly string[]) {
    super(`there is no ${JSON.stringify(word)} in the estate`, {
      code: 'E-ESTATE-NOT-FOUND',
      hint:
        nearest.length > 0
          ? `Did you mean ${nearest.join(', ')}?`
          : '`seatrial get hosts` and `seatrial get containers` list what there is.',
      details: { nearest },
    });
  }
}

/** A prefix or name fits several objects. */
export class ResourceAmbiguous extends SeatrialError {
  constructor(word: string, ids: readonly string[]) {
    super(`${JSON.stringify(word)} fits ${ids.length} objects: ${ids.slice(0, 5).join(', ')}`, {
      code: 'E-ESTATE-INVALID',
      hint: 'Give more of the id.',
      details: { ids: ids.slice(0, 50) },
    });
  }
}

/** A cursor that no earlier page gave. */
export class CursorInvalid extends SeatrialError {
  constructor() {
    super('the cursor is not one of an earlier page', {
      code: 'E-ESTATE-INVALID',
      hint: 'Start again without a cursor.',
    });
  }
}

/** A window that ends before it begins. */
export class WindowInvalid extends SeatrialError {
  constructor(from: string, to: string) {
    super(`the window ends (${to}) before it begins (${from})`, {
      code: 'E-ESTATE-INVALID',
      hint: 'Swap `from` and `to`.',
    });
  }
}

/** Nothing was recorded. */
export class WindowEmpty extends SeatrialError {
  constructor(from: string, to: string) {
    super(`nothing was recorded between ${from} and ${to}`, {
      code: 'E-ESTATE-NO-DATA',
      hint: 'Ask for another window; `seatrial get targets` shows since when a target is watched.',
    });
  }
}

/** A file of the TLS connection to an engine cannot be read. */
export class TlsFileUnreadable extends SeatrialError {
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'E-SRC-TLS',
      cause,
      hint: 'Name a PEM file that the collector may read; it is tried again by itself.',
    });
  }
}

/** The counters of this machine cannot be read. */
export class HostUnreadable extends SeatrialError {
  constructor(cause: unknown) {
    super(`this machine cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'E-SRC-UNREACHABLE',
      cause,
      hint: 'In a container, mount /proc and /sys of the host read-only and name them with hostProc and hostSys.',
    });
  }
}

/** Two targets lead to one engine. */
export class EngineWatchedTwice extends SeatrialError {
  constructor(other: string) {
    super(`target ${other} is the same engine: its containers are shown and counted twice`, {
      code: 'W-ESTATE-SAME-ENGINE',
      hint: 'Remove one of the two targets.',
      details: { other },
    });
  }
}

/** The answer would be larger than a message may be. */
export class TooMuchAsked extends SeatrialError {
  constructor(what: string) {
    super(`the answer would hold ${what}, more than fits one message`, {
      code: 'E-ESTATE-INVALID',
      hint: 'Ask for fewer resources or metrics, a shorter window or a wider step.',
    });
  }
}

/** Containers run, but neither cgroup files nor the engine give their counters. */
export class CountersWithheld extends SeatrialError {
  constructor(containers: number) {
    super(`no counters are to be had of ${containers} running ${containers === 1 ? 'container' : 'containers'}`, {
      code: 'W-ESTATE-CAPABILITY',
      hint: 'The log of the engine says why it cannot read them, e.g. a cgroup hierarchy that is in use but not mounted.',
      details: { containers },
    });
  }
}
