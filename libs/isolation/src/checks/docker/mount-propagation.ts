import { isKnown, valueOr } from '../../facts/fact.ts';
import type { DeclaredMount } from '../../facts/mounts.ts';
import { conclude, declaredOnly, isBelief } from '../belief.ts';
import { defineCheck, type CheckInput } from '../define.ts';
import { citeMount } from './shared/mount-rule.ts';
import { normalMount } from './shared/paths.ts';

/** What the container mounts appears on the host. CIS Docker 1.6.0 5.20. */
export const mountPropagation = defineCheck({
  id: 'dkr.mount.propagation',
  title: 'Mounts of the container spread to the host',
  severity: 'high',
  platform: 'docker',
  why: 'With shared propagation whatever is mounted in the container appears on the host, over its own files.',
  passesWhen: 'No mount is shared or rshared, in the configuration and in the mount table.',
  remedy: 'Use rprivate (the default), or rslave where mounts of the host must show up in it.',
  howToTest:
    "docker inspect -f '{{range .Mounts}}{{.Propagation}} {{end}}' CONTAINER shows neither shared nor rshared.",
  maps: ['CIS Docker 5.20'],
  evaluate(input) {
    const mounts = declaredOnly(input.declared.mounts);
    const observed = input.document.hasProcess && input.document.observed;
    const table = input.effective.mounts;
    const readable = !observed || isKnown(table);
    return conclude(
      isBelief(mounts)
        ? {
            ...mounts,
            cites: [],
            ...(readable
              ? { confidence: observed ? 'effective' : 'declared' }
              : { certain: false, doubt: 'the mount table of the running process cannot be read' }),
          }
        : mounts,
      (list) => {
        const spreading = list.filter(
          (mount) => mount.propagation === 'shared' || mount.propagation === 'rshared' || isShared(input, mount),
        );
        if (spreading.length === 0) return undefined;
        return {
          message: `Mounts spread to the host from ${spreading.map((mount) => mount.destination).join(', ')}.`,
          normal: spreading.map(normalMount),
          mounts: spreading.map((mount) => mount.destination),
          cites: spreading.map(citeMount),
        };
      },
      'No mount spreads to the host.',
    );
  },
});

/** Peer group in the mount table. Only mounts that were asked for count: the engine's own are private or slaves. */
function isShared({ effective }: CheckInput, mount: DeclaredMount): boolean {
  return valueOr(effective.mounts, []).some(
    (entry) => entry.mountPoint === mount.destination && entry.optional.some((field) => field.startsWith('shared:')),
  );
}
