import { defineCheck } from '../define.ts';
import { judgeBinds } from './shared/mount-rule.ts';
import { holdsRuntimeSocket, isRuntimeSocket } from './shared/paths.ts';

/** Whoever can write to the socket of the engine starts a privileged container. Neither the target name nor `ro` changes that. CIS Docker 1.6.0 5.32. */
export const mountRuntimeSocket = defineCheck({
  id: 'dkr.mount.runtime_socket',
  title: 'Container holds the socket of a container engine',
  severity: 'critical',
  platform: 'docker',
  why: 'Over this socket it starts a privileged container with the root of the host in it. A read-only bind does not hinder that: connecting is not writing.',
  passesWhen:
    'No bind is a socket of docker, containerd, crio, podman or buildkit, or a directory (other than /) that holds one.',
  remedy: 'Give it a socket proxy with a list of allowed verbs instead.',
  howToTest:
    "docker inspect -f '{{json .Mounts}}' CONTAINER shows no docker.sock, containerd.sock or /run; symbolic links resolved.",
  maps: ['CIS Docker 5.32', 'ATT&CK T1610', 'ATT&CK T1611'],
  evaluate: (input) =>
    judgeBinds(input, {
      matches: (mount) => isRuntimeSocket(mount.realSource) || holdsRuntimeSocket(mount.realSource),
      says: 'It reaches the socket of a container engine',
      fine: 'No bind reaches the socket of a container engine.',
    }),
});
