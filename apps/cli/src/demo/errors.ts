import { SeatrialError } from '@seatrial/contracts';
import { EngineDenied } from '@seatrial/docker';

/** The demo wants real containers, and no engine answers. */
class DemoNeedsEngine extends SeatrialError {
  static readonly code = 'E-SRC-UNREACHABLE';
  constructor(cause: SeatrialError) {
    super(`the demo application needs a Docker engine: ${cause.message}`, {
      code: DemoNeedsEngine.code,
      cause,
      hint: 'Type: ./seatrial up --yes --demo (installs and starts one on Debian, as root).',
    });
  }
}

/** Why there is no demo: a socket that refuses this user has a remedy of its own. */
export function demoNeedsEngine(cause: SeatrialError): SeatrialError {
  return cause instanceof EngineDenied ? cause : new DemoNeedsEngine(cause);
}

/** The image of the demo is made from busybox-static, which is not here. */
export class DemoNeedsBusybox extends SeatrialError {
  static readonly code = 'E-ENV-TOOL';
  constructor(path: string) {
    super(`${path} is missing: the image of the demo application is made from it`, {
      code: DemoNeedsBusybox.code,
      hint: 'Type: apt-get install -y busybox-static (or start with --yes as root, which does it).',
    });
  }
}
