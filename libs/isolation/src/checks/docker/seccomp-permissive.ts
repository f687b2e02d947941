import { isKnown, whyMissing } from '../../facts/fact.ts';
import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { cite, notApplicable, unknown } from '../outcome.ts';

/** A profile that filters nothing that matters. CIS Docker 1.6.0 5.22. */
export const seccompPermissive = defineCheck({
  id: 'dkr.seccomp.permissive',
  title: 'System call filter lets dangerous calls through',
  severity: 'high',
  platform: 'docker',
  why: 'A profile of its own that allows calls such as mount, bpf or init_module to everybody gives the safety of none while it looks like one.',
  passesWhen:
    'Its profile allows none of kexec_load, init_module, finit_module, open_by_handle_at, bpf, mount, unshare, setns, keyctl, perf_event_open, userfaultfd unconditionally; a rule with includes.caps or argument filters is conditional.',
  remedy: "Start from Docker's default profile and add single calls.",
  howToTest:
    "docker inspect -f '{{.HostConfig.SecurityOpt}}' CONTAINER shows the profile; look for these calls under SCMP_ACT_ALLOW.",
  maps: ['CIS Docker 5.22', 'NIST SC-39'],
  evaluate({ declared }) {
    const options = declared.securityOptions;
    if (!isKnown(options)) return unknown(`the security options are not known (${whyMissing(options)})`);
    const { seccomp } = options.value;
    if (seccomp.kind === 'unconfined')
      return notApplicable('There is no profile to judge; dkr.seccomp.disabled reports that.');
    if (seccomp.kind === 'default')
      return conclude(
        declaredOnly({ value: seccomp.kind, ref: options.ref }),
        () => undefined,
        'It names no profile of its own.',
      );
    if (!isKnown(seccomp.exposes)) return unknown(`its profile cannot be read (${whyMissing(seccomp.exposes)})`);
    return conclude(
      declaredOnly(seccomp.exposes),
      (calls) =>
        calls.length === 0
          ? undefined
          : {
              message: `Its profile allows ${calls.join(', ')} to everybody.`,
              normal: calls,
              cites: [cite('declared', { value: `seccomp profile ${seccomp.digest}`, ref: options.ref })],
            },
      'Its profile allows no dangerous call unconditionally.',
    );
  },
});
