import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspaceOf, type Workspace } from './workspace.ts';

/** The root of this checkout: four folders above `test/src/architecture/`, from `dist` as from `src`. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What is made, fetched or kept by tools: no part of the sources. */
const MADE = new Set(['node_modules', 'dist', '.git', '.seatrial', '.nx', 'coverage', 'graph.json']);
const TEXT = /(?:\.(?:ts|js|mjs|json|md|sh|go|mod|sum|txt|yaml|yml|fish|zsh|bash)|^[^.]+|^\.[^.]+|\/run)$/;

/** Reads every text file of the checkout. */
export function readWorkspace(): Workspace {
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      if (MADE.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && TEXT.test(entry.name)) files.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  };
  walk('');
  return workspaceOf(files);
}
