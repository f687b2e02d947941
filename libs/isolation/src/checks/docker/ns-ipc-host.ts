import { defineCheck } from '../define.ts';
import { judgeHostNamespace } from './shared/host-namespace.ts';

/** Shared memory and semaphores of the host's processes are its own. CIS Docker 1.6.0 5.17. */
export const nsIpcHost = defineCheck({
  id: 'dkr.ns.ipc.host',
  title: 'Container shares the IPC objects of the host',
  severity: 'high',
  platform: 'docker',
  why: 'It reads and changes the shared memory of processes of the host, e.g. of a database.',
  passesWhen: "Its IPC namespace is not the host's, compared by inode.",
  remedy: 'Run it with a private IPC namespace (no --ipc host); raise --shm-size if that was the reason.',
  howToTest: "readlink /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/ns/ipc differs from that of dockerd.",
  maps: ['CIS Docker 5.17'],
  evaluate: (input) =>
    judgeHostNamespace(input, 'ipc', input.declared.ipcMode, { message: 'It is in the IPC namespace of the host.' }),
});
