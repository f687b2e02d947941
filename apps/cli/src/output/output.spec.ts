import { writeFileSync } from 'node:fs';
import { SeatrialError } from '@seatrial/contracts';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { UsageFault } from '../parse/fault.ts';
import { painter, wantsColour } from './colour.ts';
import { reportError } from './error-report.ts';
import { toYamlText } from './yaml.ts';

describe('colour', () => {
  test.each([
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['auto', { TERM: 'dumb' }, true, false],
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
  ] as const)('%s with %j, terminal %s: %s', (choice, env, isTerminal, coloured) => {
    expect(wantsColour(choice, env, isTerminal)).toBe(coloured);
  });

  test('a painter that does not colour changes nothing', () => {
    expect(painter(false)('x', 'critical')).toBe('x');
    expect(painter(true)('x', 'critical')).toContain('\u001b[31m');
  });
});

describe('an error report', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:7421');
  const unreachable = new SeatrialError('cannot reach nats://127.0.0.1:7421', {
    code: 'E-BUS-UNREACHABLE',
    cause: refused,
    retryable: true,
    details: { url: 'nats://127.0.0.1:7421' },
  });

  test('says code, cause, remedy and page as text', () => {
    expect(reportError(unreachable, 'abc').text.split('\n')).toEqual([
      'error[E-BUS-UNREACHABLE]: cannot reach nats://127.0.0.1:7421',
      '  cause: connect ECONNREFUSED 127.0.0.1:7421',
      '  hint:  Is the broker running? `./seatrial up` starts one; `--bus URL` names',
      '         another.',
      '  trace: abc',
      '  docs:  docs/reference/errors.md#e-bus-unreachable',
      '',
    ]);
  });

  test('is one object as JSON', () => {
    const { json, exit } = reportError(unreachable, 'abc');
    expect(json.trimEnd()).not.toContain('\n');
    expect(JSON.parse(json)).toEqual({
      error: {
        code: 'E-BUS-UNREACHABLE',
        message: 'cannot reach nats://127.0.0.1:7421',
        hint: 'Is the broker running? `./seatrial up` starts one; `--bus URL` names another.',
        retryable: true,
        traceId: 'abc',
        details: { url: 'nats://127.0.0.1:7421', cause: 'connect ECONNREFUSED 127.0.0.1:7421' },
      },
    });
    expect(exit).toBe(6);
  });

  test('a wrong command line exits with 2, an unknown error with 1 and its stack', () => {
    expect(reportError(new UsageFault('there is no verb "x"', 'Did you mean `y`?'))).toMatchObject({
      exit: 2,
      text: expect.stringContaining('E-USAGE'),
    });
    const defect = reportError(new TypeError('boom'));
    expect(defect).toMatchObject({ exit: 1, text: expect.stringContaining('error[E-INTERNAL]: boom') });
    expect(defect.text).toContain('output.spec.ts');
  });

  test('a full disk is no defect of ours', () => {
    let refusal: unknown;
    try {
      writeFileSync('/dev/full', 'x');
    } catch (error) {
      refusal = error;
    }
    expect(reportError(refusal)).toMatchObject({ exit: 2, text: expect.stringContaining('the disk is full') });
  });

  test('nor is a folder of another user; the message names the file', () => {
    const refusal = Object.assign(new Error('EACCES'), {
      code: 'EACCES',
      syscall: 'symlink',
      path: '1.2',
      dest: '/data/up.lock',
    });
    const { exit, text } = reportError(refusal);
    expect([exit, text.split('\n')[0]]).toEqual([2, 'error[E-FILE-INVALID]: /data/up.lock: this user may not do that']);
    expect(reportError(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' })).text).toContain(
      'E-INTERNAL',
    );
  });

  test('text from outside cannot act on the terminal', () => {
    const report = reportError(new SeatrialError('no \u001b[31m\r\nname', { code: 'E-NOT-FOUND', hint: '\u202e' }));
    expect((report.text + report.json).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(report.exit).toBe(4);
  });
});

test('YAML gives the exact data back and cannot act on a terminal', async () => {
  const data = {
    plain: 'shop-web',
    lines: 'a\nb\n',
    hostile: '\u001b[31m\u009b2J \u202e \u2028 \u{e0041} x',
    'key\u001b': 1,
    number: '007',
    list: [true, null, 1.5],
  };
  const text = await toYamlText(data);
  expect(parseYaml(text)).toEqual(data);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
});
