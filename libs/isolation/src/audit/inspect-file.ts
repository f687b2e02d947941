import { SeatrialError } from '@seatrial/contracts';

import type { AllowLists } from '../checks/define.ts';
import { MalformedInspect } from '../errors.ts';
import { factDocument, type FactDocument } from '../facts/document.ts';
import { engineFacts } from '../facts/engine.ts';
import { hostReference } from '../facts/host-reference.ts';
import type { TargetAudit } from './audit.ts';
import { auditAll } from './audit-all.ts';

/** An element of the file that could not be audited. */
export interface Unaudited {
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export interface FileAudit {
  readonly audits: readonly TargetAudit[];
  /** The audit of the others went on. */
  readonly unaudited: readonly Unaudited[];
}

/**
 * Audits the saved output of `docker inspect CONTAINER...` by declared evidence alone: no process is looked for, so a private namespace passes by its configuration.
 * @param saved the parsed JSON: an array of inspect documents, or one of them
 * @throws {MalformedInspect} when it is neither, or when not one element is an inspect document
 */
export function auditInspectFile(
  saved: unknown,
  options: { salt: string; host?: string; allow?: Partial<AllowLists> },
): FileAudit {
  const items: readonly unknown[] = Array.isArray(saved) ? saved : [saved];
  const host = options.host ?? 'file';
  const documents: FactDocument[] = [];
  const unaudited: Unaudited[] = [];
  for (const [index, item] of items.entries()) {
    try {
      documents.push(factDocument(item, { salt: options.salt, host, origin: 'file' }));
    } catch (error) {
      if (!(error instanceof SeatrialError)) throw error;
      unaudited.push({ index, code: error.code, message: error.message });
    }
  }
  const [first] = unaudited;
  if (documents.length === 0 && first)
    throw new MalformedInspect(Array.isArray(saved) ? `/${first.index}` : '/', `cannot be read: ${first.message}`);
  const allow = options.allow === undefined ? {} : { allow: options.allow };
  return {
    audits: auditAll(documents, { engine: engineFacts(undefined), host: hostReference({ name: host }), ...allow }),
    unaudited,
  };
}
