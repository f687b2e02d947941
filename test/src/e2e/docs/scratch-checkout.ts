import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout that is tested. */
export const ROOT = join(import.meta.dirname, '../../../..');

/** What a script printed and how it ended. */
export interface ScriptEnd {
  readonly code: number | null;
  readonly output: string;
}

/** A folder that looks like a checkout to whoever stands in it, with data of its own: the plane of whoever runs the tests is not met. */
export interface ScratchCheckout extends AsyncDisposable {
  /** Runs a POSIX shell script there; it ends at the first command that fails. */
  run(script: string): Promise<ScriptEnd>;
}

/** Makes one. When it is disposed of, its plane is ended and the folder removed. */
export async function scratchCheckout(): Promise<ScratchCheckout> {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-docs-'));
  const data = join(folder, '.seatrial');
  await mkdir(data);
  for (const name of ['seatrial', 'services', 'infra']) await symlink(join(ROOT, name), join(folder, name));
  const env = { ...process.env, SEATRIAL_DATA: data, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
  const run = async (script: string): Promise<ScriptEnd> => {
    const child = spawn('sh', ['-eu', '-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, output };
  };
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      await run('./seatrial down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
