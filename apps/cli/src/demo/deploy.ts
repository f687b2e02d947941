import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { busyboxImageTar, DockerControl, DockerEngine } from '@seatrial/docker';
import { BUSYBOX } from '../engine/apt.ts';
import { freePort, isPortFreeEverywhere } from '../plane/ports.ts';
import { runCommand } from '../process/command.ts';
import { DEMO_IMAGE, DEMO_LABEL, DEMO_NETWORK, DEMO_SERVICES, demoContainer, OWNER_LABEL } from './application.ts';
import { DemoNeedsBusybox } from './errors.ts';
import { DEMO_FILES } from './files.ts';

/** First port tried for what the demo publishes. */
const WEB_PORT = 8080;

/** What runs now. */
export interface Demo {
  readonly containers: readonly string[];
  /** Port of the host on which shop-web answers. */
  readonly port: number;
}

/** Value of the owner label: names the data folder of a plane without telling its path. */
export function demoOwner(dataDirectory: string): string {
  return createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12);
}

/**
 * Starts the demo application; what is left of an earlier one of the same owner is replaced. Resolves when the engine has started all containers.
 * A part that was made before a failure is removed again.
 * @throws DemoNeedsBusybox, or what the engine says
 */
export async function deployDemo(url: string, owner: string, signal?: AbortSignal): Promise<Demo> {
  const control = new DockerControl({ url });
  await removeDemo(url, owner);
  try {
    await importDemoImage(control);
    signal?.throwIfAborted();
    await control.createNetwork(`${DEMO_NETWORK}-${owner}`, { [DEMO_LABEL]: 'true', [OWNER_LABEL]: owner });
    const suffix = (await namesAreFree(url)) ? '' : `-${owner.slice(0, 4)}`;
    const port = await freePort(WEB_PORT, isPortFreeEverywhere);
    const containers: string[] = [];
    for (const service of DEMO_SERVICES) {
      signal?.throwIfAborted();
      const name = `${service.name}${suffix}`;
      await control.start(await control.createContainer(name, demoContainer(service, owner, port)));
      containers.push(name);
    }
    return { containers, port };
  } catch (error) {
    await removeDemo(url, owner);
    throw error;
  }
}

/** Removes exactly what the demo of this owner made. @returns how many containers that were */
export async function removeDemo(url: string, owner: string): Promise<number> {
  const control = new DockerControl({ url });
  await using engine = new DockerEngine({ url });
  const ours = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
    labels?.[DEMO_LABEL] === 'true' && labels[OWNER_LABEL] === owner;
  const containers = (await engine.listContainers()).filter((container) => ours(container.Labels));
  await Promise.all(containers.map((container) => control.remove(container.Id)));
  const networks = (await engine.listNetworks()).filter((network) => ours(network.Labels));
  await Promise.all(networks.map((network) => control.removeNetwork(network.Id)));
  const others = (await engine.listContainers()).some((container) => container.Labels?.[DEMO_LABEL] === 'true');
  // The image is shared by all checkouts of this machine: the last one takes it along.
  if (!others) await control.removeImage(`${DEMO_IMAGE.repository}:${DEMO_IMAGE.tag}`);
  return containers.length;
}

async function importDemoImage(control: DockerControl): Promise<void> {
  const busybox = await readFile(BUSYBOX).catch(() => undefined);
  if (busybox === undefined) throw new DemoNeedsBusybox(BUSYBOX);
  const { output } = await runCommand(BUSYBOX, ['--list']);
  const applets = output.split('\n').filter((name) => /^[a-z0-9_[-]+$/.test(name));
  await control.importImage(busyboxImageTar(busybox, applets, DEMO_FILES), DEMO_IMAGE, [
    'ENV PATH=/bin',
    `LABEL ${DEMO_LABEL}=true`,
  ]);
}

/** Whether the plain names of the services are free on this engine. */
async function namesAreFree(url: string): Promise<boolean> {
  await using engine = new DockerEngine({ url });
  const taken = (await engine.listContainers()).flatMap((container) => container.Names ?? []);
  return DEMO_SERVICES.every((service) => !taken.includes(`/${service.name}`));
}
