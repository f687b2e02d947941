import type { BusClient } from '../connect/client.ts';
import type { QueryContract } from '@seatrial/contracts';

/** Rows of all pages of a list query, in order. `rowsOf` picks them from a reply. */
export async function allPages<D extends { readonly cursor?: string }, R extends { readonly cursor?: string }, Row>(
  bus: BusClient,
  query: QueryContract<D, R>,
  filter: D,
  rowsOf: (reply: R) => readonly Row[],
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const reply: R = await bus.ask(query, { ...filter, ...(cursor !== undefined && { cursor }) });
    rows.push(...rowsOf(reply));
    cursor = reply.cursor;
  } while (cursor !== undefined);
  return rows;
}
