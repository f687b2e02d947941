import { defineCheck } from '../define.ts';
import { judgeHostNamespace } from './shared/host-namespace.ts';

/** It can rename the host. CIS Docker 1.6.0 5.21. */
export const nsUtsHost = defineCheck({
  id: 'dkr.ns.uts.host',
  title: 'Container shares the host name of the host',
  severity: 'medium',
  platform: 'docker',
  why: 'With SYS_ADMIN it renames the host, which misleads logs and certificates.',
  passesWhen: "Its UTS namespace is not the host's, compared by inode.",
  remedy: 'Run it without --uts host.',
  howToTest: "readlink /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/ns/uts differs from that of dockerd.",
  maps: ['CIS Docker 5.21'],
  evaluate: (input) =>
    judgeHostNamespace(input, 'uts', input.declared.utsMode, { message: 'It is in the UTS namespace of the host.' }),
});
