import { parentPort, workerData } from 'node:worker_threads';

import { ArchiveCore } from '../core/archive-core.ts';
import type { RangeColumns } from '../core/range-reader.ts';
import { shapeOf } from '../errors.ts';
import type { Request, Response, WorkerStart } from './messages.ts';
import type { Store } from '../core/store.ts';

/** The thread that owns the file or the connection to the server. Calls run at the same time: a long read gives way between its slices. */
const port = parentPort;
if (!port) throw new Error('this file runs as a worker only');

const { database, address, retention } = workerData as WorkerStart;
const answer = (response: Response, transfer: ArrayBuffer[] = []): void => port.postMessage(response, transfer);

try {
  const core = new ArchiveCore(await openStore(), retention);
  answer({ id: 0, value: undefined });
  port.on('message', (request: Request) => void serve(core, request));
} catch (error) {
  answer({ id: 0, error: shapeOf(error) });
}

/** Either driver is loaded only where it is used: that of MongoDB costs 100 ms and 20 MB. */
async function openStore(): Promise<Store> {
  return database === 'mongodb'
    ? (await import('../mongo/mongo-store.ts')).openMongoStore(address)
    : (await import('../sqlite/sqlite-store.ts')).openSqliteStore(address);
}

async function serve(core: ArchiveCore, { id, method, args }: Request): Promise<void> {
  try {
    const value: unknown = await Reflect.apply(core[method], core, args);
    answer({ id, value }, method === 'range' ? buffersOf(value as RangeColumns) : []);
  } catch (error) {
    answer({ id, error: shapeOf(error) });
  }
  if (method === 'close') port?.close();
}

/** Columns are handed over, not copied. */
function buffersOf({ series }: RangeColumns): ArrayBuffer[] {
  return series.flatMap(({ columns: { t, mean, min, max, count } }) =>
    [t, mean, min, max, count].flatMap((column) => (column ? [column.buffer as ArrayBuffer] : [])),
  );
}
