import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Bus, uuidv7 } from '@seatrial/bus';
import { type AuditScope, AuditStart, type CommandSettled } from '@seatrial/contracts';
import { spawnNode, type Broker, type NodeProcess } from '@seatrial/testing';

const MAIN = fileURLToPath(new URL('../../../../services/isolation-auditor/dist/main.js', import.meta.url));
const TELEMETRY = import.meta.resolve('@seatrial/service/telemetry');

/** How the service under test is set up. */
export interface AuditorSetUp {
  readonly broker: Broker;
  /** @default one of the machine, id `docker` */
  readonly engines?: readonly { readonly id: string; readonly url: string }[];
  /** Folder of archive and salt; outlives the process when given. */
  readonly folder?: string;
  /** Further settings, `NAME: value` of `SEATRIAL_ISOLATION_AUDITOR_NAME`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Capabilities that root does without, e.g. `dac_override`; see `withoutImpossible`. */
  readonly without?: readonly string[];
}

const SETPRIV = '/usr/bin/setpriv';

/** Why capabilities cannot be taken away here; undefined when they can. */
export function withoutImpossible(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root has capabilities to do without';
  return existsSync(SETPRIV) ? undefined : `${SETPRIV} is missing`;
}

/** The real service, as a process. */
export interface Auditor extends AsyncDisposable {
  readonly process: NodeProcess;
  readonly folder: string;
  /** `http://…` of health and metrics; waits until the service is ready. */
  health(path: string): Promise<Response>;
}

/** Starts the auditor on a broker; resolves when it says that it is ready. */
export async function startAuditor(setUp: AuditorSetUp): Promise<Auditor> {
  const { broker, engines, folder, settings = {}, env = {}, without = [] } = setUp;
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'seatrial-auditor-')));
  const prefixed = Object.fromEntries(
    Object.entries({
      SALT_FILE: join(own, 'salt'),
      ARCHIVE: `sqlite:${join(own, 'archive/isolation.db')}`,
      ...(engines !== undefined && { ENGINES: JSON.stringify(engines) }),
      ...settings,
    }).map(([name, value]) => [`SEATRIAL_ISOLATION_AUDITOR_${name}`, value]),
  );
  // As a plane starts it.
  const nodeArgs = ['--max-semi-space-size=2', '--optimize-for-size', '--import', TELEMETRY];
  const child = spawnNode(MAIN, {
    nodeArgs: without.length === 0 ? nodeArgs : ['--import', becoming(without, [...nodeArgs, MAIN])],
    env: {
      MALLOC_ARENA_MAX: '2',
      SEATRIAL_BUS: broker.url,
      SEATRIAL_CREDS: broker.seedFile('isolation-auditor'),
      ...prefixed,
      ...env,
    },
  });
  const dispose = async (): Promise<void> => {
    await child[Symbol.asyncDispose]();
    if (folder === undefined) await rm(own, { recursive: true, force: true });
  };
  try {
    const { health } = await child.ready;
    return {
      process: child,
      folder: own,
      health: (path) => fetch(`${String(health)}${path}`),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A module that replaces its process by one with fewer capabilities: the process id and the output stay. */
function becoming(without: readonly string[], args: readonly string[]): string {
  const list = without.map((name) => `-${name}`).join(',');
  const command = JSON.stringify(['setpriv', `--bounding-set=${list}`, process.execPath, ...args]);
  return `data:text/javascript,${encodeURIComponent(`process.execve('${SETPRIV}', ${command})`)}`;
}

/** A person on the bus. */
export async function person(
  broker: Broker,
  role: 'viewer' | 'operator' | 'admin' = 'operator',
): Promise<Bus & AsyncDisposable> {
  const bus = await Bus.connect({
    url: broker.url,
    as: { person: role, role },
    seedFile: broker.seedFile(role),
  });
  return Object.assign(bus, { [Symbol.asyncDispose]: () => bus.close() });
}

/** Commands an audit and waits until it is settled. */
export async function commandAudit(
  bus: Bus,
  scope: AuditScope = {},
  more: { readonly auditId?: string; readonly checks?: string[]; readonly mode?: 'declared' | 'effective' } = {},
): Promise<CommandSettled & { readonly auditId: string }> {
  const auditId = more.auditId ?? uuidv7();
  const settled = await bus.execute(AuditStart, { mode: 'effective', ...more, auditId, scope });
  return { ...settled, auditId };
}
