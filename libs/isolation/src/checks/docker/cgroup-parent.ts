import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** CIS Docker 1.6.0 5.25. */
export const cgroupParent = defineCheck({
  id: 'dkr.cgroup_parent',
  title: 'Container is in a foreign cgroup',
  severity: 'medium',
  platform: 'docker',
  why: 'Under another parent the limits that the site set for containers do not hold for it.',
  passesWhen: 'HostConfig.CgroupParent is empty or on the allow list.',
  remedy: 'Remove --cgroup-parent, or put the parent on the allow list.',
  howToTest: "docker inspect -f '{{.HostConfig.CgroupParent}}' CONTAINER is empty.",
  maps: ['CIS Docker 5.25'],
  evaluate: ({ declared, allow }) =>
    conclude(
      declaredOnly(declared.cgroupParent),
      (parent) =>
        parent === '' || allow.cgroupParents.includes(parent)
          ? undefined
          : { message: `Its cgroup parent is ${parent}.`, normal: [parent] },
      'Its cgroup is where the engine puts it.',
    ),
});
