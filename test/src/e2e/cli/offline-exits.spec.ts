import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { freshFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

/** Command lines that end without a bus, their exit code and error code. `FILE` is a file with the content below. */
const CASES: readonly (readonly [string, readonly string[], number, string])[] = [
  ['a wrong verb', ['statsu'], 2, 'E-USAGE'],
  ['a wrong kind', ['get', 'hosst'], 2, 'E-USAGE'],
  ['a wrong flag', ['get', 'hosts', '--outptu', 'json'], 2, 'E-USAGE'],
  ['a filter of another kind', ['get', 'hosts', '--severity', 'high'], 2, 'E-USAGE'],
  ['a file that is not there', ['scan', '--inspect', '/nowhere/saved.json'], 2, 'E-FILE-INVALID'],
  ['a file that is no inspect array', ['scan', '--inspect', 'FILE'], 2, 'E-ISO-FACTS'],
  ['a payload that does not fit', ['pub', 'isolation.audit-start', '{"auditId":7}'], 2, 'E-CONTRACT-PAYLOAD'],
  ['a payload that is no JSON', ['req', 'estate.targets-list', '{'], 2, 'E-CONTRACT-PAYLOAD'],
  ['a message that does not exist', ['req', 'estate.target-list'], 2, 'E-CONTRACT-UNKNOWN'],
  ['a check that does not exist', ['explain', 'dkr.ns.pdi.host'], 4, 'E-NOT-FOUND'],
  ['no plane', ['get', 'hosts'], 6, 'E-BUS-UNREACHABLE'],
  ['nobody at the address', ['get', 'hosts', '--bus', 'nats://127.0.0.1:1'], 6, 'E-BUS-UNREACHABLE'],
];

describe.each(CASES)('%s', (_what, args, exit, code) => {
  test(`exits with ${exit} and ${code}, as text and as JSON, with stdout empty`, async () => {
    using folder = freshFolder();
    const file = join(folder.path, 'file.json');
    writeFileSync(file, '[1]');
    const words = args.map((word) => (word === 'FILE' ? file : word));
    const text = await runCli(words, { data: folder.path });
    expect([text.exit, text.stdout]).toEqual([exit, '']);
    expect(text.stderr).toMatch(
      new RegExp(
        `^error\\[${code}\\]: .+\\n(?: {2}cause: .+\\n(?: {9}.+\\n)*)? {2}hint: {2}.+\\n(?: {9}.+\\n)* {2}docs: {2}docs/reference/errors\\.md#${code.toLowerCase()}\\n$`,
      ),
    );
    const json = await runCli([...words, '-o', 'json'], { data: folder.path });
    expect([json.exit, json.stdout]).toEqual([exit, '']);
    expect(JSON.parse(json.stderr).error).toMatchObject({
      code,
      message: expect.any(String),
      hint: expect.any(String),
      details: expect.any(Object),
    });
  });
});

test('a gate that objects exits with 3', async () => {
  using folder = freshFolder();
  const inspect = [{ Id: 'a'.repeat(64), Name: '/x', Config: { Image: 'i' }, HostConfig: { Privileged: true } }];
  const { exit, stdout, stderr } = await runCli(['scan', '--inspect', '-', '--fail-on', 'critical', '-o', 'json'], {
    data: folder.path,
    input: JSON.stringify(inspect),
  });
  expect([exit, stderr]).toEqual([3, expect.stringMatching(/^gate: \d+ findings? at --fail-on critical\n$/)]);
  expect(JSON.parse(stdout).summary.severity.critical).toBeGreaterThan(0);
});
