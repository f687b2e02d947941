import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { layoutOf } from '../layout.ts';
import { VERB_GROUPS } from '../verb-table.ts';
import { checksPage } from './checks-page.ts';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

/** Writes the generated reference pages into the checkout: `npm run generate`. */
const folder = join(layoutOf(process.env).root, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'cli.md'), cliPage(VERB_GROUPS));
writeFileSync(join(folder, 'errors.md'), errorsPage());
writeFileSync(join(folder, 'checks.md'), checksPage());
