import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireDocker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks } from '../../architecture/markdown.ts';
import { ROOT, scratchCheckout, type ScratchCheckout } from './scratch-checkout.ts';

const docker = await requireDocker();

/** The tutorial is last: it ends with `down`. */
const PAGES = [...readdirSync(join(ROOT, 'docs/how-to')).map((name) => `docs/how-to/${name}`), 'docs/tutorial.md'];

const BLOCKS = PAGES.flatMap((page) =>
  codeBlocks(readFileSync(join(ROOT, page), 'utf8'))
    .filter(({ language, attributes }) => language === 'sh' && !attributes.has('not-run'))
    .map((block) => ({ name: `${page}:${block.line}`, needs: block.attributes.get('needs') ?? '', text: block.text })),
);

test('there are blocks to run', () => {
  expect(BLOCKS.length).toBeGreaterThan(8);
});

describe.skipIf(docker.skip !== undefined)('shell blocks of the documents, in the order of each page', () => {
  let checkout: ScratchCheckout;
  beforeAll(async () => {
    checkout = await scratchCheckout();
  });
  afterAll(async () => checkout[Symbol.asyncDispose]());

  test('every how-to page stands on a plane that runs', async () => {
    expect(await checkout.run('./seatrial up --detach --demo')).toMatchObject({ code: 0 });
  });

  test.for(BLOCKS)('$name', async ({ needs, text }, { skip }) => {
    skip(!has(needs), `${needs} is not installed`);
    const { code, output } = await checkout.run(text);
    expect(code, output).toBe(0);
  });
});

function has(program: string): boolean {
  return program === '' || spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
}
