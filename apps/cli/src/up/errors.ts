import { SeatrialError } from '@seatrial/contracts';
import type { ServiceReport } from './report.ts';

/** The broker of the plane died a second time; the plane has ended. */
export class BusLost extends SeatrialError {
  static readonly code = 'E-UP-BUS-LOST';
  constructor(logFile: string) {
    super('the broker died twice; the plane was ended', {
      code: BusLost.code,
      hint: `Its last words are in ${logFile}.`,
      details: { logFile },
    });
  }
}

/** The broker did not start. */
export class BusNotStarted extends SeatrialError {
  static readonly code = 'E-BUS-UNREACHABLE';
  constructor(lastLine: string, logFile: string) {
    super(`the broker did not start: ${lastLine}`, {
      code: BusNotStarted.code,
      hint: `The whole log is in ${logFile}.`,
      details: { logFile },
    });
  }
}

/** Some services did not answer in time; the rest runs. */
export class ServicesSilent extends SeatrialError {
  static readonly code = 'E-UP-SERVICE';
  constructor(services: readonly ServiceReport[]) {
    super(services.map(({ name, failure }) => `${name}: ${failure ?? 'no answer'}`).join('; '), {
      code: ServicesSilent.code,
      details: { services },
    });
  }
}

/** The supervisor ended before the plane was ready and left no error of its own. */
export class SupervisorEnded extends SeatrialError {
  static readonly code = 'E-UP-SERVICE';
  constructor(logFile: string, lastLine: string) {
    super(`the plane ended while it started: ${lastLine || 'without a word'}`, {
      code: SupervisorEnded.code,
      hint: `The whole log is in ${logFile}.`,
      details: { logFile },
    });
  }
}
