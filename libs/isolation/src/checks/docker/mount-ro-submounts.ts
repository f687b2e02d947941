import { conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { citeMount } from './shared/mount-rule.ts';
import { normalMount } from './shared/paths.ts';
import { openBinds } from './shared/submounts.ts';

/** `:ro` is not recursive before Docker 25: `-v /:/host:ro` leaves /host/proc and /host/sys writable. Only the mount table shows it. */
export const mountRoSubmounts = defineCheck({
  id: 'dkr.mount.ro_submounts',
  title: 'Read-only bind is writable below',
  severity: 'high',
  platform: 'docker',
  why: 'The read-only flag stops at the first mount point: file systems mounted below the bound directory stay writable, /proc and /sys among them.',
  passesWhen:
    'No file system below a read-only bind is writable in the mount table of the container (namespace files are ignored).',
  remedy:
    'Bind the directory without its submounts (bind-nonrecursive), or use recursive read-only mounts of Docker 25 or newer.',
  howToTest:
    "grep ' DESTINATION/' /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/mountinfo shows no mount without ro.",
  maps: ['CIS Docker 5.6'],
  evaluate: ({ document, engine }) =>
    conclude(
      openBinds(document, engine),
      (open) =>
        open.length === 0
          ? undefined
          : {
              message: `File systems below read-only binds are writable: ${open.map(({ mount, fileSystems }) => `${mount.destination} (${fileSystems.join(', ')})`).join('; ')}`,
              normal: open.map(({ mount }) => normalMount(mount)),
              mounts: open.map(({ mount }) => mount.destination),
              cites: open.map(({ mount }) => citeMount(mount)),
            },
      'Its read-only binds are read-only all the way down.',
    ),
});
