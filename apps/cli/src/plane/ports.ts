import { createServer } from 'node:net';
import { SeatrialError } from '@seatrial/contracts';

/** Where the bus listens when nobody else does. */
export const BUS_PORT = 7421;
/** The usual port of a NATS server: never taken, so that nobody's server is mistaken for ours, nor ours for somebody's. */
const NEVER = 4222;
/** How many ports are tried. */
const TRIES = 100;

/** No port of the range is free. */
class PortsBusy extends SeatrialError {
  static readonly code = 'E-PORT-BUSY';
  constructor(first: number, last: number) {
    super(`no port between ${first} and ${last} is free on 127.0.0.1`, {
      code: PortsBusy.code,
      hint: `\`ss -ltnp\` shows who holds them; end one of those programs, then run this again.`,
      details: { first, last },
    });
  }
}

/** The first free port of 127.0.0.1 from `wanted` on. @throws PortsBusy after 100 tries */
export async function freePort(
  wanted: number,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<number> {
  for (let port = wanted; port < wanted + TRIES && port < 65_536; port += 1) {
    if (port !== NEVER && (await isFree(port))) return port;
  }
  throw new PortsBusy(wanted, Math.min(wanted + TRIES, 65_536) - 1);
}

/** Whether this process could listen there on 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  return canListen(port, '127.0.0.1');
}

/** Whether this process could listen there on every address now. */
export async function isPortFreeEverywhere(port: number): Promise<boolean> {
  return canListen(port, '0.0.0.0');
}

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(true)));
  });
}
