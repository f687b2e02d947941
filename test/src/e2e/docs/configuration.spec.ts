import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@seatrial/contracts';
import { expect, test } from 'vitest';
import { ROOT } from './scratch-checkout.ts';

const page = readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8');

test.each(SERVICES)('the page of settings says what %s prints', (service) => {
  const documented = { ...settingsUnder('Every service'), ...settingsUnder(service) };
  expect(documented).toEqual(printed(service));
});

/** Setting and default of each row under a heading. */
function settingsUnder(heading: string): Record<string, string> {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| `?(.*?)`? \|/gm)];
  return Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
}

/** The same of `--print-config`, in an environment that sets nothing. */
function printed(service: string): Record<string, string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SEATRIAL_')));
  const main = join(ROOT, 'services', service, 'dist/main.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, '--print-config'], { env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const lines = stdout.trim().split('\n');
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
