import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from './catalogue.ts';

/** What a requirements file with hashes pins. */
export interface WheelPin {
  readonly version: string;
  /** Accepted sha256 checksums, hex; one per architecture. */
  readonly sha256: readonly string[];
}

/** Reads pip's own format, so pip checks the same pins. @throws when the file pins nothing */
export function parseWheelPin(text: string, project: string): WheelPin {
  const version = new RegExp(String.raw`^${project}==(\S+)`, 'm').exec(text)?.[1];
  const sha256 = [...text.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map((match) => match[1] ?? '');
  if (version === undefined || sha256.length === 0)
    throw new Error(`the requirements of ${project} pin no version or no checksum`);
  return { version, sha256 };
}

/**
 * What the stamp of an installed tool may say to be current: one text per way to get it. A change of a pin or of a `go.sum` makes the tool stale.
 */
export async function acceptedStamps(
  tool: Tool,
  pinsDirectory: string,
): Promise<{ readonly go: string; readonly wheel?: string }> {
  const sum = await readFile(join(pinsDirectory, tool.go.directory, 'go.sum'));
  const go = `go ${tool.go.version} ${createHash('sha256').update(sum).digest('hex').slice(0, 16)}`;
  if (!tool.wheel) return { go };
  const pin = parseWheelPin(
    await readFile(join(pinsDirectory, tool.name, 'requirements.txt'), 'utf8'),
    tool.wheel.project,
  );
  return {
    go,
    wheel: `wheel ${pin.version} ${createHash('sha256').update(pin.sha256.join()).digest('hex').slice(0, 16)}`,
  };
}

/** The version that a stamp names. */
export function stampedVersion(stamp: string): string {
  return stamp.split(' ')[1] ?? '';
}
