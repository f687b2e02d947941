import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { documentViolations } from './documents.ts';

const FENCE = '```';
const faultsOf = (text: string): readonly string[] =>
  documentViolations(planted({ 'docs/a.md': text, 'docs/b/c.md': '# What `x.y` is, and why\n' })).map(
    ({ at, what }) => `${at} ${what}`,
  );

test('links to files, folders, headings and the web pass', () => {
  expect(
    faultsOf('[c](b/c.md) [d](b/) [e](b/c.md#what-xy-is-and-why) [f](https://x.example) [g](#h)\n# H\n`[no](link)`'),
  ).toEqual([]);
});

test.each(['b/d.md', '../README.md', 'b/c.md#missing', '#missing', 'http://x.example'])(
  'the link %s is found',
  (target) => {
    expect(faultsOf(`a\n[x](${target})`)).toHaveLength(1);
    expect(faultsOf(`a\n[x](${target})`)[0]).toContain('docs/a.md:2 ');
  },
);

test('a link in a block of code is none', () => {
  expect(faultsOf(`${FENCE}text\n[x](nowhere.md)\n${FENCE}\n`)).toEqual([]);
});

test.each(['', 'bash', 'sh not-run=""', 'sh skip=yes', 'text needs=docker'])(
  'a block opened with %j is found',
  (info) => {
    expect(faultsOf(`a\n${FENCE}${info}\nx\n${FENCE}\n`)).toHaveLength(1);
  },
);

test('blocks that say what they are pass', () => {
  const block = (info: string): string => `${FENCE}${info}\nx\n${FENCE}\n`;
  expect(
    faultsOf(['sh', 'sh needs=docker', 'sh not-run="it does not end"', 'console', 'yaml'].map(block).join('\n')),
  ).toEqual([]);
});
