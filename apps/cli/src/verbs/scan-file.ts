import { readFileSync, statSync } from 'node:fs';

import { auditInspectFile, auditReport, checkRows } from '@seatrial/isolation';

import { FileInvalid } from '../errors.ts';
import { layoutOf } from '../layout.ts';
import type { Session } from '../session.ts';
import { scanSalt } from './scan-salt.ts';
import type { Scanned } from './scan.ts';

/** Ten thousand containers with long environments; more is a mistake. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Audits a saved `docker inspect` array by its declared evidence; `-` reads standard input. @throws FileInvalid, MalformedInspect */
export async function scanFile(file: string, session: Session): Promise<Scanned> {
  const name = file === '-' ? 'standard input' : file;
  const saved = parsed(name, file === '-' ? await session.readInput() : read(file));
  const { audits, unaudited } = auditInspectFile(saved, { salt: scanSalt(layoutOf(session.env)) });
  for (const { index, code, message } of unaudited)
    session.err(`warning[${code}]: ${name}, element ${index}: ${message}; the others were audited\n`);
  return { result: auditReport(audits, new Date(session.now()).toISOString()), checks: async () => checkRows() };
}

function read(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw new FileInvalid(
        file,
        `${Math.round(size / 1024 / 1024)} MiB is more than the ${MOST_BYTES / 1024 / 1024} MiB that are read`,
      );
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof FileInvalid) throw error;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EACCES: 'this user may not read it',
      EISDIR: 'it is a directory',
    };
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new FileInvalid(file, reasons[code] ?? 'it cannot be read', error);
  }
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileInvalid(name, 'it is not JSON', error);
  }
}
