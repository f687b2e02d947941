import { describe, expect, test } from 'vitest';
import { displayWidth } from '../text/width.ts';
import { sortRows, type Column } from './column.ts';
import { renderSheet } from './render-sheet.ts';
import { renderTable } from './render-table.ts';

interface Row {
  readonly name: string;
  readonly image: string;
  readonly memory: number;
}

const columns: readonly Column<Row>[] = [
  { key: 'name', header: 'NAME', cell: (row) => row.name, shrinkTo: 12 },
  { key: 'image', header: 'IMAGE', cell: (row) => row.image, shrinkTo: 10 },
  { key: 'memory', header: 'MEMORY', cell: (row) => `${row.memory} MiB`, sort: (row) => row.memory, align: 'right' },
];

const plain: Row = { name: 'shop-web', image: 'seatrial-demo:local', memory: 64 };

describe('a table', () => {
  test('pads by columns, aligns numbers right and leaves no trailing spaces', () => {
    expect(renderTable([plain, { ...plain, name: '検査', memory: 1200 }], columns)).toEqual([
      'NAME      IMAGE                  MEMORY',
      'shop-web  seatrial-demo:local    64 MiB',
      '検査      seatrial-demo:local  1200 MiB',
    ]);
  });

  test('prints nothing for no rows, and no heading when told so', () => {
    expect(renderTable([], columns)).toEqual([]);
    expect(renderTable([plain], columns, { headers: false })).toEqual(['shop-web  seatrial-demo:local  64 MiB']);
  });

  test.each([
    ['4 KB of text', 'x'.repeat(4096)],
    ['wide characters', '検'.repeat(200)],
    ['ANSI', '\u001b[2J\u001b[31m'.repeat(40)],
    ['line breaks', 'a\r\n'.repeat(100)],
    ['right-to-left overrides', '\u202e'.repeat(50)],
    ['piled marks', `a${'\u0301'.repeat(4000)}`],
  ])('keeps 80 columns with %s in a name', (_what, name) => {
    const lines = renderTable([plain, { ...plain, name, image: name }], columns, { width: 80 });
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(lines[1]).toMatch(/64 MiB$/);
  });

  test('cuts words to the last before it cuts a number', () => {
    const tight = columns.map(({ shrinkTo: _, ...column }) => column);
    expect(renderTable([plain], tight, { width: 18 })[1]).toBe('sho…  sea…  64 MiB');
  });

  test('fits a very narrow terminal too', () => {
    for (const line of renderTable([plain], columns, { width: 20 })) expect(displayWidth(line)).toBeLessThanOrEqual(20);
  });

  test('paints after the layout, so colour never moves a column', () => {
    const painted = renderTable(
      [plain],
      [{ key: 's', header: 'STATE', cell: () => ({ text: 'up', tone: 'good' }) }, ...columns],
      {
        paint: (text, tone) => `<${tone}>${text}</>`,
      },
    );
    expect(painted[1]).toBe('<good>up   </>  shop-web  seatrial-demo:local  64 MiB');
  });
});

test('rows sort by the value, not by its text, and keep their order when equal', () => {
  const rows = [{ ...plain, memory: 1200 }, plain, { ...plain, name: 'b' }];
  const [, , memory] = columns;
  if (memory === undefined) throw new Error('column');
  expect(sortRows(rows, memory).map((row) => row.memory)).toEqual([64, 64, 1200]);
  expect(sortRows(rows, memory, true).map((row) => row.name)).toEqual(['shop-web', 'shop-web', 'b']);
});

test('a sheet aligns its values, leaves absent ones out and goes on below a long one', () => {
  const lines = renderSheet(
    [
      {
        title: 'Container shop-web',
        facts: [
          ['image', 'demo'],
          ['tenant', undefined],
          ['fix', 'Run it with a private PID namespace.'],
        ],
      },
      { title: 'Evidence', lines: ['HostConfig.PidMode'] },
    ],
    30,
  );
  expect(lines).toEqual([
    'Container shop-web',
    '  image  demo',
    '  fix    Run it with a private',
    '         PID namespace.',
    '',
    'Evidence',
    '  HostConfig.PidMode',
  ]);
});
