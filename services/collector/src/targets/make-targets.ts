import { readHostIdentity } from '@seatrial/host';

import type { CollectorConfig } from '../config.ts';
import type { LocalHost } from './engine-facts.ts';
import { DockerTarget, type TargetTools } from './docker-target.ts';
import { HostTarget } from './host-target.ts';
import type { Target } from './target.ts';

/** The targets that the settings name. */
export function makeTargets(config: CollectorConfig, tools: TargetTools): Target[] {
  const roots = { procRoot: config.hostProc, sysRoot: config.hostSys };
  const hostTarget = config.targets.find(({ src }) => src === 'host')?.id;
  const host: LocalHost | undefined =
    hostTarget === undefined ? undefined : { target: hostTarget, identity: readHostIdentity(roots) };
  return config.targets.map((target) => {
    const { id } = target;
    if (target.src === 'host') return new HostTarget(tools, { id, intervalS: config.interval, roots });
    const { url, ca, cert, key } = target;
    return new DockerTarget(tools, {
      id,
      url,
      tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
      local: isLocal(url) ? { roots, host } : undefined,
      intervalS: config.interval,
      apiIntervalS: config.apiInterval,
      resyncIntervalS: config.resyncInterval,
    });
  });
}

/** A socket of this machine may lead to another one (forwarded); then no process of its containers is found here, and they are read through the API. */
function isLocal(url: string): boolean {
  return url.startsWith('unix://') || url.startsWith('/');
}
