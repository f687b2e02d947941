import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { generatedFiles } from './files.ts';

// Writes the generated files into the repository that the command runs in: `npm run generate`.
const files = generatedFiles();
for (const [path, text] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
const folder = 'contracts/generated/schemas';
for (const name of readdirSync(folder)) if (!files.has(join(folder, name))) rmSync(join(folder, name));
