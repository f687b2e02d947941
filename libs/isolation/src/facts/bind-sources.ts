import { isRecord } from './section.ts';

/** Sources of the binds of an inspect document: the paths whose symbolic links the caller resolves on the host before it makes the fact document. */
export function bindSources(inspect: unknown): readonly string[] {
  const mounts = isRecord(inspect) ? inspect['Mounts'] : undefined;
  if (!Array.isArray(mounts)) return [];
  const sources = mounts.flatMap((mount: unknown) =>
    isRecord(mount) && mount['Type'] === 'bind' && typeof mount['Source'] === 'string' ? [mount['Source']] : [],
  );
  return [...new Set(sources)];
}
