import { SeatrialError } from '@seatrial/contracts';

/** Where a faulty setting stands. */
export interface ConfigPlace {
  /** File as it was named, or `environment`, or `command line`. */
  readonly source: string;
  readonly line?: number;
  readonly column?: number;
}

/** A setting is unknown, malformed or missing; the text names file, line and the nearest key. */
export class ConfigInvalid extends SeatrialError {
  static readonly code = 'E-CONFIG';
  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ place, text }) => `${placeText(place)}: ${text}`).join('\n'), {
      code: ConfigInvalid.code,
      hint: 'Start with --print-config to see every setting with its source.',
      details: { problems: problems.map(({ place, text }) => ({ ...place, text })) },
    });
  }
}

/** One of them. */
export interface ConfigProblem {
  readonly place: ConfigPlace;
  readonly text: string;
}

function placeText({ source, line, column }: ConfigPlace): string {
  return [source, line, column].filter((part) => part !== undefined).join(':');
}

/** The port for health and metrics cannot be listened on. */
export class HealthPortBusy extends SeatrialError {
  static readonly code = 'E-PORT-BUSY';
  constructor(host: string, port: number, cause: unknown) {
    super(`cannot serve health on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: HealthPortBusy.code,
      cause,
      hint: 'Name another port as healthPort, or 0 for any free one.',
    });
  }
}
