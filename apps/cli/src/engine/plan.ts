/** What decides how an engine can be had on this machine. */
export interface EngineFacts {
  readonly root: boolean;
  /** apt-get and dpkg are here. */
  readonly debian: boolean;
  /** dockerd is installed. */
  readonly dockerd: boolean;
  /** systemd is the init of this machine and runs. */
  readonly systemd: boolean;
  /** `service` and an init script of Docker are here (asked again after the installation). */
  readonly initScript: boolean;
  /** The address is the standard socket of this machine, so an engine installed here would answer there. */
  readonly local: boolean;
}

/** What would bring an engine, and the two lines a person can type. */
export type EnginePlan =
  | { readonly can: true; readonly install: boolean; readonly lines: readonly string[] }
  | { readonly can: false; readonly reason: string; readonly lines: readonly string[] };

const INSTALL = 'apt-get install -y docker.io';

/** Whether this process can bring an engine, and what it (or a person) does for it. */
export function planEngine(facts: EngineFacts): EnginePlan {
  const start = facts.systemd ? 'systemctl start docker' : 'service docker start';
  const lines = facts.dockerd ? [start] : [INSTALL, start];
  if (!facts.local) return { can: false, reason: 'DOCKER_HOST names an engine elsewhere', lines: [] };
  if (!facts.dockerd && !facts.debian)
    return {
      can: false,
      reason: 'only Debian and its relatives are known here',
      lines: ['install Docker Engine 20.10 or newer, then run this again'],
    };
  if (!facts.root) return { can: false, reason: 'that needs root', lines: lines.map((line) => `sudo ${line}`) };
  return { can: true, install: !facts.dockerd, lines };
}
