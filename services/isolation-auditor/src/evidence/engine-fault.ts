import { SeatrialError } from '@seatrial/contracts';
import {
  EngineDenied,
  EngineProtocolBroken,
  EngineRefused,
  EngineTlsFailed,
  EngineTooOld,
  EngineUnreachable,
} from '@seatrial/docker';

const FAULTS = [EngineDenied, EngineProtocolBroken, EngineRefused, EngineTlsFailed, EngineTooOld, EngineUnreachable];

/** True when the engine is to blame, and not the bus or ourselves. */
export function isEngineFault(error: unknown): error is SeatrialError {
  return FAULTS.some((fault) => error instanceof fault);
}
