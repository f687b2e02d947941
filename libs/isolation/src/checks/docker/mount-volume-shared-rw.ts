import { isKnown, whyMissing } from '../../facts/fact.ts';
import { sameTrustDomain } from '../../facts/peer-index.ts';
import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { unknown } from '../outcome.ts';
import { citeMount } from './shared/mount-rule.ts';

/** Files written here are read, or run, by a workload of another trust domain. */
export const mountVolumeSharedRw = defineCheck({
  id: 'dkr.mount.volume_shared_rw',
  title: 'Container writes to a volume of strangers',
  severity: 'medium',
  platform: 'docker',
  why: 'What it writes there another workload reads, and may run: taking over one is a step to the other.',
  passesWhen:
    'No named volume that it can write to is mounted by a container of another trust domain. One tenant, one compose project or one pod is one domain.',
  remedy: 'Split the volume, or mount it read-only here.',
  howToTest: 'docker ps -a --filter volume=NAME lists only containers that belong together.',
  maps: ['NIST SC-4', 'ATT&CK T1080'],
  evaluate({ document, declared, peers }) {
    const mounts = declared.mounts;
    if (!isKnown(mounts)) return unknown(`its mounts are not known (${whyMissing(mounts)})`);
    const writable = mounts.value.flatMap((mount) =>
      mount.type === 'volume' && mount.writable && mount.name !== undefined ? [{ mount, name: mount.name }] : [],
    );
    return conclude(
      { ...declaredOnly({ ...mounts, value: writable }), cites: [] },
      (volumes) => {
        const shared = volumes.flatMap(({ mount, name }) => {
          const strangers = peers.mounting(name, document).filter((peer) => !sameTrustDomain(document, peer));
          return strangers.length > 0 ? [{ mount, name, strangers }] : [];
        });
        if (shared.length === 0) return undefined;
        return {
          message: `It shares volumes with strangers: ${shared
            .map(
              ({ name, strangers }) =>
                `${name} with ${strangers
                  .slice(0, 3)
                  .map((peer) => peer.name)
                  .join(', ')}`,
            )
            .join('; ')}`,
          // The name of an anonymous volume changes with every incarnation.
          normal: shared.map(({ name }) => (/^[0-9a-f]{64}$/.test(name) ? 'anonymous' : name)),
          cites: shared.map(({ mount }) => citeMount({ ...mount, realSource: mount.name ?? '' })),
        };
      },
      'It shares no writable volume with another trust domain.',
    );
  },
});
