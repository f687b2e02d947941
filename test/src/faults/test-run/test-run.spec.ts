import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const PASSES = `test('passes', () => { expect(1).toBe(1); });`;
const FAILS = `test('fails', () => { expect(1).toBe(2); });`;
const SKIPS = `test('skips', (context) => { context.skip('the moon is not full'); });`;

interface TestRun {
  readonly code: number;
  readonly lines: string[];
}

/** Runs `test GROUPS` over a small checkout that holds these specs, by path. */
async function testRun(specs: Readonly<Record<string, string>>, ...groups: string[]): Promise<TestRun> {
  const root = await mkdtemp(join(tmpdir(), 'seatrial-tests-'));
  try {
    await Promise.all(['apps/cli', '.seatrial'].map((folder) => mkdir(join(root, folder), { recursive: true })));
    for (const shared of ['node_modules', 'infra', 'apps/cli/dist', '.seatrial/tools'])
      await symlink(join(ROOT, shared), join(root, shared));
    await writeFile(
      join(root, 'tsconfig.json'),
      '{ "compilerOptions": { "noEmit": true, "types": [] }, "files": ["empty.ts"] }',
    );
    await writeFile(join(root, 'empty.ts'), 'export {};');
    await writeFile(
      join(root, 'vitest.config.ts'),
      `export default { test: { include: ['**/*.spec.ts'], exclude: ['**/dist/**', '**/node_modules/**', 'infra/**'] } };`,
    );
    for (const [path, body] of Object.entries(specs)) {
      await mkdir(join(root, dirname(path)), { recursive: true });
      await writeFile(join(root, path), `import { expect, test } from 'vitest';\n${body}\n`);
    }
    return await new Promise((done) => {
      const main = join(ROOT, 'apps/cli/dist/main.js');
      execFile(
        process.execPath,
        [main, 'test', ...groups],
        { env: { ...process.env, SEATRIAL_ROOT: root, SEATRIAL_DATA: '', VITEST: '' } },
        (error, stdout) => {
          done({ code: typeof error?.code === 'number' ? error.code : 0, lines: stdout.trimEnd().split('\n') });
        },
      );
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

test('passing tests end in exit code 0 and the two counts', async () => {
  const { code, lines } = await testRun({ 'libs/a/src/a.spec.ts': PASSES, 'test/src/e2e/b.spec.ts': FAILS }, 'unit');
  expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: '1 passed, 0 failed' });
});

test('one failing test turns the run red, and is named', async () => {
  const { code, lines } = await testRun(
    { 'libs/a/src/a.spec.ts': PASSES, 'test/src/e2e/b.spec.ts': FAILS },
    'unit',
    'e2e',
  );
  expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '1 passed, 1 failed' });
  expect(lines).toContain('  e2e       test/src/e2e/b.spec.ts > fails');
});

test('a skipped test is counted with its reason; a run of nothing but those is no success', async () => {
  const { code, lines } = await testRun({ 'test/src/contract/a.spec.ts': SKIPS }, 'contract');
  expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '0 passed, 0 failed' });
  expect(lines).toContain('      1  contract  the moon is not full');
});

test('a spec that cannot be loaded fails', async () => {
  const { code, lines } = await testRun({ 'libs/a/src/a.spec.ts': `import './nowhere.ts';\n${PASSES}` }, 'unit');
  expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '0 passed, 1 failed' });
});
