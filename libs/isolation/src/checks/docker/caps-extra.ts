import { ALL_CAPABILITIES, DOCKER_DEFAULT } from '../../facts/capabilities.ts';
import { defineCheck } from '../define.ts';
import { DANGEROUS_CAPABILITIES } from './caps-dangerous.ts';
import { judgeCapabilities } from './shared/capability-rule.ts';

/** Anything added to Docker's default that is not on the list of dangerous ones. CIS Docker 1.6.0 5.4. */
export const capsExtra = defineCheck({
  id: 'dkr.caps.extra',
  title: 'Container holds more capabilities than the default',
  severity: 'high',
  platform: 'docker',
  why: 'Each added capability opens a part of the kernel that the default set keeps closed, e.g. NET_ADMIN the packet filter and its history of bugs.',
  passesWhen:
    "Its bounding set holds nothing but Docker's 14 default capabilities (dangerous ones are reported by dkr.caps.dangerous).",
  remedy: 'Start it with --cap-drop ALL and add only what it needs.',
  howToTest:
    "capsh --decode=$(awk '/^CapBnd/{print $2}' /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status) lists nothing beyond the default.",
  maps: ['CIS Docker 5.4', 'NIST AC-6'],
  evaluate: (input) =>
    judgeCapabilities(
      input,
      ALL_CAPABILITIES & ~DOCKER_DEFAULT & ~DANGEROUS_CAPABILITIES,
      'Beyond the default it holds',
      'It holds no capability beyond the default.',
    ),
});
