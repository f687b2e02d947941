import { existsSync } from 'node:fs';
import { DEFAULT_ENGINE_URL } from '@seatrial/docker';
import { which } from '../process/which.ts';
import type { EngineFacts } from './plan.ts';
import { engineUrl } from './probe.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Administration commands stand in sbin, which is not on everybody's PATH. */
export function administrationEnv(env: Env): Env {
  return { ...env, PATH: `${env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` };
}

/** Looks at this machine; starts nothing. */
export function engineFacts(env: Env): EngineFacts {
  const admin = administrationEnv(env);
  return {
    root: process.getuid?.() === 0,
    debian: which('apt-get', admin) !== undefined && which('dpkg', admin) !== undefined,
    dockerd: which('dockerd', admin) !== undefined,
    // sd_booted(3): this directory exists exactly when systemd runs as init; the commands alone prove nothing.
    systemd: existsSync('/run/systemd/system') && which('systemctl', admin) !== undefined,
    initScript: existsSync('/etc/init.d/docker') && which('service', admin) !== undefined,
    local: engineUrl(env) === DEFAULT_ENGINE_URL,
  };
}
