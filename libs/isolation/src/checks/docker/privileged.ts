import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** All capabilities, all devices, no seccomp, nothing masked: root in the container is root on the host. CIS Docker 1.6.0 5.5. */
export const privileged = defineCheck({
  id: 'dkr.privileged',
  title: 'Container is privileged',
  severity: 'critical',
  platform: 'docker',
  why: 'A privileged container holds every capability and every device of the host and runs without seccomp and masked paths. Whoever takes it over owns the host.',
  passesWhen: 'HostConfig.Privileged is false.',
  remedy: 'Drop --privileged; add the single capabilities and devices that it needs.',
  howToTest: "docker inspect -f '{{.HostConfig.Privileged}}' CONTAINER prints false.",
  maps: ['CIS Docker 5.5', 'NIST AC-6', 'ATT&CK T1611'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.privileged),
      (on) => (on ? { message: 'It runs privileged.' } : undefined),
      'It is not privileged.',
    ),
});
