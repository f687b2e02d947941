import { SeatrialError } from '@seatrial/contracts';

/** The inspect document lacks what names a container, or is no inspect document at all. A single malformed field is not an error: it is a missing fact. */
export class MalformedInspect extends SeatrialError {
  static readonly code = 'E-ISO-FACTS';
  /** JSON pointer of the offending field. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`inspect document: ${field} ${problem}`, {
      code: MalformedInspect.code,
      hint: 'Give the output of `docker inspect CONTAINER...`: an array of objects, each with Id, Name, Config and HostConfig.',
      details: { field },
    });
    this.field = field;
  }
}

/** No check has this id. */
export class UnknownCheck extends SeatrialError {
  static readonly code = 'E-NOT-FOUND';

  constructor(id: string, nearest: readonly string[]) {
    super(`no check is called ${id}`, {
      code: UnknownCheck.code,
      hint:
        nearest.length > 0
          ? `Did you mean ${nearest.join(' or ')}?`
          : '`seatrial explain` without a check lists all of them.',
      details: { nearest },
    });
  }
}
