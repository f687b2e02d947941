import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Without the killer a container at its limit hangs and keeps its memory. */
export const oomDisabled = defineCheck({
  id: 'dkr.oom.disabled',
  title: 'Out-of-memory killer is switched off',
  severity: 'medium',
  platform: 'docker',
  why: 'At its limit the container hangs instead of ending; without a limit the host runs out of memory and kills others.',
  passesWhen: 'HostConfig.OomKillDisable is false (or null, where cgroup v2 has no such switch).',
  remedy: 'Remove --oom-kill-disable.',
  howToTest: "docker inspect -f '{{.HostConfig.OomKillDisable}}' CONTAINER is not true.",
  maps: ['NIST SC-5'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.oomKillDisable),
      (off) => (off === true ? { message: 'The out-of-memory killer is switched off for it.' } : undefined),
      'The out-of-memory killer may end it.',
    ),
});
