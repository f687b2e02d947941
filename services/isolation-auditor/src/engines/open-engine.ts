import { readFileSync } from 'node:fs';

import { SeatrialError } from '@seatrial/contracts';
import { DockerEngine, parseEngineUrl, type EngineTls } from '@seatrial/docker';

import type { EngineConfig } from '../config.ts';
import { EngineReader } from '../evidence/engine-reader.ts';

/** A configured engine and what reads its evidence. */
export interface OpenEngine {
  readonly id: string;
  readonly engine: DockerEngine;
  readonly reader: EngineReader;
}

/** Sends nothing yet: whether the engine answers shows when it is watched. @throws EngineUrlInvalid, SeatrialError for an unreadable certificate */
export function openEngine(
  { id, url, ca, cert, key }: EngineConfig,
  { hostProc, salt }: { readonly hostProc: string; readonly salt: string },
): OpenEngine {
  const tls: EngineTls = {
    ...(ca !== undefined && { ca: pem(ca) }),
    ...(cert !== undefined && { cert: pem(cert) }),
    ...(key !== undefined && { key: pem(key) }),
  };
  const options = { url, ...(Object.keys(tls).length > 0 && { tls }) };
  const { socketPath } = parseEngineUrl(url, options.tls);
  const engine = new DockerEngine(options);
  const reader = new EngineReader(engine, {
    id,
    salt,
    // Behind a socket of this machine its processes are ours to see; behind a network address they are not.
    roots: socketPath === undefined ? undefined : { procRoot: hostProc },
    socket: socketPath,
  });
  return { id, engine, reader };
}

function pem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SeatrialError(`the file ${path} of an engine's TLS settings cannot be read`, {
      code: 'E-FILE-INVALID',
      cause: error,
    });
  }
}
