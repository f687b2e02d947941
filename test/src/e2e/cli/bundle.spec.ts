import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ROOT } from '../up/plane.ts';
import { freshFolder } from './folder.ts';
import { run, runCli } from './run-cli.ts';

// The other specs run the compiled files; people run the bundle that the launcher makes of them.

test.each(['yaml', 'json', 'text'])('the bundle explains a check as %s like the compiled files', async (format) => {
  using folder = freshFolder();
  const args = ['explain', 'dkr.privileged', '-o', format];
  const bundled = await run(join(ROOT, 'seatrial'), args, { data: folder.path });
  expect(bundled).toEqual(await runCli(args, { data: folder.path }));
  expect([bundled.exit, bundled.stderr]).toEqual([0, '']);
});
