import { defineCheck } from '../define.ts';
import { judgeBinds } from './shared/mount-rule.ts';
import { isRuntimeSocket, isSensitive } from './shared/paths.ts';

/** Programs, secrets, logs, devices and state of the host. Where it is mounted does not matter; a named volume is no bind. CIS Docker 1.6.0 5.6. */
export const mountHostSensitive = defineCheck({
  id: 'dkr.mount.host_sensitive',
  title: 'Container holds a sensitive directory of the host',
  severity: 'critical',
  platform: 'docker',
  why: 'Writable, it is a way to root on the host (cron, ld.so.preload, ssh keys); read-only, it still gives away keys, tokens and other containers.',
  passesWhen:
    'No bind has a source at or below /boot, /dev, /etc, /lib*, /sys, /usr, /bin, /sbin, /root, /home, /run, /var/lib/{docker,kubelet,containerd}, /var/log, /var/spool/cron. Writable is critical, read-only high.',
  remedy: 'Mount a narrower path, read-only, or use a named volume.',
  howToTest:
    "docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' CONTAINER shows none of these; symbolic links resolved.",
  maps: ['CIS Docker 5.6', 'ATT&CK T1611', 'ATT&CK T1552.001'],
  evaluate: (input) =>
    judgeBinds(input, {
      // A bind of the socket itself is the socket's finding.
      matches: (mount) => isSensitive(mount.realSource) && !isRuntimeSocket(mount.realSource),
      says: 'Sensitive directories of the host are bound',
      fine: 'No sensitive directory of the host is bound.',
      severity: (mounts) => (mounts.some((mount) => mount.writable) ? 'critical' : 'high'),
    }),
});
