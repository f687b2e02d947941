import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { purityViolations } from './purity.ts';

const faultsOf = (path: string, text: string): readonly string[] =>
  purityViolations(planted({ [path]: text })).map(({ what }) => what);

test.each([
  "import { readFileSync } from 'node:fs';",
  "import type { Socket } from 'node:net';",
  "import { Injectable } from '@nestjs/common';",
  "import type { NatsConnection } from '@nats-io/transport-node';",
  "import { randomUUID } from 'node:crypto';",
  "import * as crypto from 'node:crypto';",
  "const x = await import('node:child_process');",
  'export const now = () => Date.now();',
  'export const now = () => new Date();',
  'export const dice = () => Math.random();',
  'export const home = () => process.env.HOME;',
  "export const get = () => fetch('http://x');",
  'export const later = (f: () => void) => setTimeout(f, 1);',
  'export const t = () => performance.now();',
])('%s is found in a pure library', (text) => {
  expect(faultsOf('libs/estate/src/a.ts', text)).toHaveLength(1);
});

test('digests, paths, contracts and own names of globals pass', () => {
  const text = `
    import { createHash } from 'node:crypto';
    import { Code } from '@seatrial/contracts';
    import type { Row } from './row.ts';
    export const at = (process: { pid: number }, ms: number) => [process.pid, new Date(ms), Math.floor(ms), createHash('sha256')];
  `;
  expect(faultsOf('libs/estate/src/a.ts', text)).toEqual([]);
});

test('specs of pure libraries, and libraries that are not pure, may do I/O', () => {
  expect(faultsOf('libs/estate/src/a.spec.ts', "import 'node:fs';")).toEqual([]);
  expect(faultsOf('libs/docker/src/a.ts', "import 'node:fs';")).toEqual([]);
});
