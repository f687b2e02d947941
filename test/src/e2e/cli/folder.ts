import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder that is removed with its contents when the test ends. */
export function freshFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'seatrial-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
