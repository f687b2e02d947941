import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '@seatrial/contracts';
import { expect, test } from 'vitest';
import { codeBlocks } from '../../architecture/markdown.ts';
import { ROOT } from './scratch-checkout.ts';

const page = readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8');

test.each(SERVICES)('the page of settings says what %s prints', (service) => {
  const documented = { ...settingsUnder('Every service'), ...settingsUnder(service) };
  expect(documented).toEqual(printed(service));
});

test.each(yamlBlocks())('$name is accepted by every service', async ({ text }) => {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-docs-'));
  const file = join(folder, 'seatrial.yaml');
  await writeFile(file, text);
  for (const service of SERVICES) expect(printConfig(service, '--config', file)).toContain(`# ${file}:`);
  await rm(folder, { recursive: true });
});

/** Every block of settings that a how-to page shows. */
function yamlBlocks(): { readonly name: string; readonly text: string }[] {
  const folder = join(ROOT, 'docs/how-to');
  return readdirSync(folder).flatMap((name) =>
    codeBlocks(readFileSync(join(folder, name), 'utf8'))
      .filter(({ language }) => language === 'yaml')
      .map(({ line, text }) => ({ name: `${name}:${line}`, text })),
  );
}

/** Setting and default of each row under a heading. */
function settingsUnder(heading: string): Record<string, string> {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| `?(.*?)`? \|/gm)];
  return Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
}

/** The same of `--print-config`. */
function printed(service: string): Record<string, string> {
  const lines = printConfig(service).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [, absent, name = '', value = ''] = /^(# )?(\w+): (.*?)(?: {2}# default)?$/.exec(line) ?? [];
      return [name, absent === undefined ? bare(value) : value];
    }),
  );
}

/** Text without its quotes; anything else as JSON. */
function bare(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

/** What a service prints as its settings, in an environment that sets none. */
function printConfig(service: string, ...args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SEATRIAL_')));
  const main = join(ROOT, 'services', service, 'dist/main.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, '--print-config', ...args], {
    env,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout;
}
