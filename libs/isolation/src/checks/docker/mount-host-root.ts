import { defineCheck } from '../define.ts';
import { judgeBinds } from './shared/mount-rule.ts';

/** CIS Docker 1.6.0 5.6. */
export const mountHostRoot = defineCheck({
  id: 'dkr.mount.host_root',
  title: 'Container holds the root directory of the host',
  severity: 'critical',
  platform: 'docker',
  why: 'All files of the host are in it, keys and the engine socket included; read-only covers neither the socket nor what is mounted below.',
  passesWhen: 'No bind has / as its source.',
  remedy: 'Mount the one path that it needs, read-only.',
  howToTest: "docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' CONTAINER does not show /.",
  maps: ['CIS Docker 5.6', 'ATT&CK T1611'],
  evaluate: (input) =>
    judgeBinds(input, {
      matches: (mount) => mount.realSource === '/',
      says: 'The root directory of the host is bound',
      fine: 'The root directory of the host is not bound.',
    }),
});
