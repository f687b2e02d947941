import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** CIS Docker 1.6.0 5.13. */
export const rootfsWritable = defineCheck({
  id: 'dkr.rootfs.writable',
  title: 'Root file system is writable',
  severity: 'low',
  platform: 'docker',
  why: 'An attacker changes the programs of the container and leaves tools there for later.',
  passesWhen: 'HostConfig.ReadonlyRootfs is true.',
  remedy: 'Start it with --read-only and a --tmpfs for what must be written.',
  howToTest: "docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' CONTAINER prints true.",
  maps: ['CIS Docker 5.13', 'NIST CM-7'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.readonlyRootfs),
      (readOnly) => (readOnly ? undefined : { message: 'Its root file system is writable.' }),
      'Its root file system is read-only.',
    ),
});
