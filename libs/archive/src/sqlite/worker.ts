import { parentPort, workerData } from 'node:worker_threads';

import { ArchiveCore } from '../core/archive-core.ts';
import type { RangeColumns } from '../core/range-reader.ts';
import { shapeOf } from '../errors.ts';
import type { Request, Response, WorkerStart } from './messages.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** The thread that owns the file. Calls run at the same time: a long read gives way between its slices. */
const port = parentPort;
if (!port) throw new Error('this file runs as a worker only');

const { path, retention } = workerData as WorkerStart;
const answer = (response: Response, transfer: ArrayBuffer[] = []): void => port.postMessage(response, transfer);

try {
  const core = new ArchiveCore(openSqliteStore(path), retention);
  answer({ id: 0, value: undefined });
  port.on('message', (request: Request) => void serve(core, request));
} catch (error) {
  answer({ id: 0, error: shapeOf(error) });
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
