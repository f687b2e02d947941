import { ArchiveCore } from './core/archive-core.ts';
import { compileRetention } from './core/retention.ts';
import { ArchiveInvalid } from './errors.ts';
import type { Archive, Retention } from './port/archive.ts';
import { PortOverCore } from './port-over-core.ts';
import { openWorkerCore } from './sqlite/worker-core.ts';

export interface ArchiveOptions {
  /** Epoch ms; retention and `auto` tiers follow it. @default Date.now */
  readonly clock?: () => number;
  readonly retention?: Retention;
}

/**
 * Opens an archive: `sqlite:<path>` or a plain path is a file (made with its folders when missing), `mongodb://host:port/<database>` a server.
 * @throws ArchiveInvalid, ArchiveCorrupt, ArchiveFull, ArchiveIo, ArchiveUnreachable
 */
export async function openArchive(url: string, { clock = Date.now, retention }: ArchiveOptions = {}): Promise<Archive> {
  const compiled = compileRetention(retention);
  if (/^mongodb(\+srv)?:/.test(url)) {
    // The driver is loaded only where it is used: it costs 100 ms and 20 MB.
    const { openMongoStore } = await import('./mongo/mongo-store.ts');
    return new PortOverCore(new ArchiveCore(await openMongoStore(url), compiled), clock, 'mongodb');
  }
  const path = url.replace(/^sqlite:(\/\/(?=\/))?/, '');
  if (path === '' || path.startsWith(':') || /^[a-z][a-z0-9+.-]+:/i.test(path))
    throw new ArchiveInvalid(`"${url}" names no archive; use a path, sqlite:<path> or mongodb://host:port/<database>`);
  return new PortOverCore(await openWorkerCore(path, compiled), clock, 'sqlite');
}
