import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { sizeViolations } from './size.ts';

const comment = (bytes: number): string => `// ${'x'.repeat(bytes)}`;

test('a source that is too large is found', () => {
  const files = { 'libs/estate/src/a.ts': comment(14_000), 'libs/estate/src/b.ts': '', 'libs/estate/src/c.ts': '' };
  expect(sizeViolations(planted(files)).map(({ at }) => at)).toEqual(['libs/estate/src/a.ts']);
});

test('many sources of a middling size are found', () => {
  const files = {
    'libs/estate/src/a.ts': comment(5_000),
    'libs/estate/src/b.ts': comment(5_000),
    'libs/estate/src/c.ts': '',
  };
  expect(sizeViolations(planted(files)).map(({ at }) => at)).toEqual(['.']);
});
