import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { busyboxImageTar, DockerControl } from '@seatrial/docker';
import type { TestEngine } from './engine.ts';

/** Where Debian's package busybox-static puts its binary. */
const BUSYBOX = '/bin/busybox';

/**
 * Makes sure the engine has the image of our tests, made from the machine's static busybox without an image registry. The tag comes from its content, so parallel
 * test files share it and a newer busybox gets a new one; it stays for the next run.
 * @returns the reference to create containers from
 */
export function importTestImage(engine: TestEngine): Promise<string> {
  const known = imported.get(engine.url);
  if (known !== undefined) return known;
  const importing = importInto(engine);
  imported.set(engine.url, importing);
  // A failure is told to whoever asked; the next one tries again.
  importing.catch(() => imported.delete(engine.url));
  return importing;
}

/** By engine: making the archive reads and hashes 2 MB and lists the applets, too much for every container. */
const imported = new Map<string, Promise<string>>();

async function importInto(engine: TestEngine): Promise<string> {
  const tar = busyboxImageTar(await staticBusybox(), await applets());
  const tag = createHash('sha256').update(tar).digest('hex').slice(0, 12);
  const reference = `seatrial-test:${tag}`;
  const control = new DockerControl({ url: engine.url });
  if ((await control.imageId(reference)) === undefined) {
    const changes = ['CMD ["sleep","infinity"]', 'ENV PATH=/bin', 'LABEL io.seatrial.test=image'];
    await control.importImage(tar, { repository: 'seatrial-test', tag }, changes);
  }
  return reference;
}

async function staticBusybox(): Promise<Buffer> {
  try {
    return await readFile(BUSYBOX);
  } catch (error) {
    throw new Error(
      `${BUSYBOX} is missing: the image of the tests is made from it. Install it with \`apt-get install busybox-static\`.`,
      { cause: error },
    );
  }
}

async function applets(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(BUSYBOX, ['--list']);
  return stdout.split('\n').filter((name) => /^[a-z0-9_[-]+$/.test(name));
}
