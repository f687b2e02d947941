import { SeatrialError } from '@seatrial/contracts';

/** `DOCKER_HOST` is nothing that can be asked. Its value stays out of the message: it may hold a password. */
export class EngineAddressInvalid extends SeatrialError {
  static readonly code = 'E-ESTATE-INVALID';
  constructor(cause: SeatrialError) {
    super(`DOCKER_HOST: ${cause.message}`, {
      code: EngineAddressInvalid.code,
      hint: 'Give it unix:///path or tcp://host:port, or unset it; then run the same command again.',
    });
  }
}

/** No engine answers after everything that was tried; the message has the last lines of each step. */
export class EngineInstallFailed extends SeatrialError {
  static readonly code = 'E-ENV-ENGINE-INSTALL';
  constructor(step: string, reason: string, logFile: string) {
    super(`${step}: ${reason}`, {
      code: EngineInstallFailed.code,
      hint: `See ${logFile}; \`--no-install\` goes on without an engine.`,
      details: { step, logFile },
    });
  }
}

/** A Debian package could not be installed. */
export class PackageInstallFailed extends SeatrialError {
  static readonly code = 'E-ENV-TOOL';
  constructor(name: string, reason: string, logFile: string) {
    super(`apt-get install -y ${name}: ${reason}`, {
      code: PackageInstallFailed.code,
      hint: `As root, type: apt-get update && apt-get install -y ${name}. The whole output is in ${logFile}.`,
      details: { package: name, logFile },
    });
  }
}
