import { conclude, isBelief, truth } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { notApplicable, unknown } from '../outcome.ts';
import { sensitiveGroups } from './shared/groups.ts';

/** A group instead of root: member of `docker` or `disk` is root by another name. */
export const groupSensitive = defineCheck({
  id: 'dkr.group.sensitive',
  title: 'Member of a group that opens the host',
  severity: 'medium',
  platform: 'docker',
  why: 'On files that are bound into it, groups like root, docker, disk or shadow reach what its user does not.',
  passesWhen:
    'Not root, and in none of the groups 0, root, docker, disk, kmem, shadow, nor in that of an engine socket. Not applicable to root.',
  remedy: 'Remove --group-add; name a group of its own with --user UID:GID (without GID it is 0).',
  howToTest: "grep ^Groups /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status shows none of them.",
  maps: ['NIST AC-6'],
  evaluate(input) {
    const { traits } = input;
    const root = truth(traits.root, (value) => value);
    if (root === true && isBelief(traits.root))
      return notApplicable('It runs as root; its groups add nothing.', traits.root.confidence, traits.root.cites);
    const outcome = conclude(
      sensitiveGroups(input),
      (groups) =>
        groups.length === 0 ? undefined : { message: `It is a member of ${groups.join(', ')}.`, normal: groups },
      'It is in no group that opens the host.',
    );
    // Whether groups matter hangs on the user: nothing passes while that is not known.
    return root === undefined && outcome.status === 'pass' ? unknown('whether it runs as root is not known') : outcome;
  },
});
