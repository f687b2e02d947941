import { ArchiveInvalid } from '../errors.ts';

/** Place of a row in the order newest first. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export const encodeCursor = ({ at, id }: Place): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** @throws ArchiveInvalid for anything that `encodeCursor` did not make */
export function decodeCursor(cursor: string): Place {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at === 'number' && typeof id === 'string') return { at, id };
  } catch {
    // Falls through to the same error.
  }
  throw new ArchiveInvalid('the cursor is not one that a page gave');
}
