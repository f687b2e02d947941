import { readFile } from 'node:fs/promises';

import type { DockerEngineOptions } from '@seatrial/docker';

import { TlsFileUnreadable } from '../errors.ts';

/** Files of a TLS connection; PEM. */
export interface TlsFiles {
  /** Certificate authority of the engine. */
  readonly ca?: string;
  /** Our own certificate and key. */
  readonly cert?: string;
  readonly key?: string;
}

/** Reads the files anew, so that a renewed certificate counts without a restart. Undefined when none is named. @throws TlsFileUnreadable */
export async function readTls(files: TlsFiles): Promise<DockerEngineOptions['tls']> {
  const named = (['ca', 'cert', 'key'] as const).filter((part) => files[part] !== undefined);
  if (named.length === 0) return undefined;
  const texts = await Promise.all(named.map(async (part) => [part, await textOf(files[part] ?? '')] as const));
  return Object.fromEntries(texts);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new TlsFileUnreadable(path, error);
  }
}
