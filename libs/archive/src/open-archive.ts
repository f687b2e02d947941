import { compileRetention } from './core/retention.ts';
import { ArchiveInvalid } from './errors.ts';
import type { Archive, Retention } from './port/archive.ts';
import { PortOverCore } from './port-over-core.ts';
import { openWorkerCore } from './thread/worker-core.ts';

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
  if (/^mongodb(\+srv)?:/.test(url))
    return new PortOverCore(
      await openWorkerCore({ database: 'mongodb', address: url, retention: compiled }),
      clock,
      'mongodb',
    );
  const path = url.replace(/^sqlite:(\/\/(?=\/))?/, '');
  if (path === '' || path.startsWith(':') || /^[a-z][a-z0-9+.-]+:/i.test(path))
    throw new ArchiveInvalid(`"${url}" names no archive; use a path, sqlite:<path> or mongodb://host:port/<database>`);
  return new PortOverCore(
    await openWorkerCore({ database: 'sqlite', address: path, retention: compiled }),
    clock,
    'sqlite',
  );
}
