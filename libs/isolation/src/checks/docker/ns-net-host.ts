import { defineCheck } from '../define.ts';
import { judgeHostNamespace } from './shared/host-namespace.ts';

/** It binds to every address of the host and reaches what listens on its loopback. CIS Docker 1.6.0 5.10. */
export const nsNetHost = defineCheck({
  id: 'dkr.ns.net.host',
  title: 'Container shares the network of the host',
  severity: 'high',
  platform: 'docker',
  why: 'It reaches services that listen on the loopback of the host only, and abstract sockets of its daemons (CVE-2020-15257), and no published-port rule limits it.',
  passesWhen: "Its network namespace is not the host's, compared by inode.",
  remedy: 'Put it on a bridge network of its own and publish the ports that it needs.',
  howToTest: "readlink /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/ns/net differs from that of dockerd.",
  maps: ['CIS Docker 5.10', 'NIST SC-7', 'ATT&CK T1046'],
  evaluate: (input) =>
    judgeHostNamespace(input, 'net', input.declared.networkMode, {
      message: 'It is in the network namespace of the host.',
    }),
});
