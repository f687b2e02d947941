import { conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Most escapes need uid 0. CIS Docker 1.6.0 4.1. */
export const userRoot = defineCheck({
  id: 'dkr.user.root',
  title: 'Container runs as root',
  severity: 'medium',
  platform: 'docker',
  why: 'Uid 0 in the container is uid 0 on the host unless users are remapped: a mistake elsewhere (a bind, a capability, a kernel bug) becomes root on the host.',
  passesWhen:
    'The effective uid of its first process is not 0; without a process: Config.User is set and is neither 0 nor root.',
  remedy: 'Set a user in the image (USER) or start it with --user UID:GID.',
  howToTest:
    "grep ^Uid /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status shows a second number other than 0.",
  maps: ['CIS Docker 4.1', 'NIST AC-6', 'ATT&CK T1611'],
  evaluate: ({ traits }) =>
    conclude(
      traits.root,
      (root) => (root ? { message: 'Its first process runs as root.' } : undefined),
      'It does not run as root.',
    ),
});
