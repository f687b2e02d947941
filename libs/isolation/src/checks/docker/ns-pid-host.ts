import { defineCheck } from '../define.ts';
import { judgeHostNamespace } from './shared/host-namespace.ts';

/** The container sees and can signal every process of the host. CIS Docker 1.6.0 5.16; ATT&CK T1057, T1611. */
export const nsPidHost = defineCheck({
  id: 'dkr.ns.pid.host',
  title: 'Container shares the processes of the host',
  severity: 'high',
  platform: 'docker',
  why: 'It sees every process of the host with its arguments and environment, and as root it can signal them; with SYS_PTRACE it takes them over.',
  passesWhen:
    "Its PID namespace is not the host's, compared by inode (that catches joining a container that is on the host's).",
  remedy: 'Run it with a private PID namespace (no --pid host).',
  howToTest: "readlink /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/ns/pid differs from that of dockerd.",
  maps: ['CIS Docker 5.16', 'ATT&CK T1057', 'ATT&CK T1611'],
  evaluate: (input) =>
    judgeHostNamespace(input, 'pid', input.declared.pidMode, { message: 'It is in the PID namespace of the host.' }),
});
