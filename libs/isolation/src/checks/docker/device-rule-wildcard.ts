import { conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { opensEveryDevice } from './shared/device-rules.ts';

/** With MKNOD, which is in the default set, the container makes the node of any disk and opens it. */
export const deviceRuleWildcard = defineCheck({
  id: 'dkr.device.rule_wildcard',
  title: 'Container may open every device of a kind',
  severity: 'high',
  platform: 'docker',
  why: 'The device filter is the only thing between MKNOD, which every default container holds, and the disks of the host.',
  passesWhen:
    'No device rule is for all devices of a type ([abc] *:*) with read or write access, in the configuration and in devices.list.',
  remedy: 'Name the exact major:minor in --device-cgroup-rule, or drop the rule (and --privileged).',
  howToTest: "docker inspect -f '{{.HostConfig.DeviceCgroupRules}}' CONTAINER shows no *:*.",
  maps: ['ATT&CK T1611'],
  evaluate: (input) =>
    conclude(
      opensEveryDevice(input),
      (open) => (open ? { message: 'Its device rules open every device of a kind.' } : undefined),
      'Its device rules name single devices.',
    ),
});
