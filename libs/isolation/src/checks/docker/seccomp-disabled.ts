import { isKnown, mapFact, missing, type Fact } from '../../facts/fact.ts';
import { believe, conclude, declaredOnly, isBelief } from '../belief.ts';
import { defineCheck, type CheckInput } from '../define.ts';

const FILTER_MODE = 2;

/** CIS Docker 1.6.0 5.22. A filter that the program installed itself does not make up for `seccomp=unconfined`. */
export const seccompDisabled = defineCheck({
  id: 'dkr.seccomp.disabled',
  title: 'No system call filter',
  severity: 'high',
  platform: 'docker',
  why: "Without a filter every system call of the host's kernel is within reach, also those that only exploits use.",
  passesWhen: 'Seccomp of its first process is 2 (filter) and its security options do not say unconfined.',
  remedy:
    'Remove --security-opt seccomp=unconfined (and --privileged); give a profile of its own where the default is too narrow.',
  howToTest: "grep ^Seccomp: /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status prints 2.",
  maps: ['CIS Docker 5.22', 'NIST SC-39', 'ATT&CK T1611'],
  evaluate(input) {
    const off = { message: 'It runs without a system call filter.' };
    const configured = filterConfigured(input);
    const said = declaredOnly(configured);
    // What the configuration switches off stays a fault whatever the program did about it later.
    if (isBelief(said) && !said.value) return conclude(said, () => off, '');
    return conclude(
      believe(
        input.document,
        mapFact(input.effective.seccompMode, (mode) => mode === FILTER_MODE),
        configured,
      ),
      (filtered) => (filtered ? undefined : off),
      'A system call filter is in force.',
    );
  },
});

function filterConfigured({ declared, engine }: CheckInput): Fact<boolean> {
  const { privileged, securityOptions } = declared;
  if (isKnown(securityOptions) && securityOptions.value.seccomp.kind === 'unconfined')
    return { value: false, ref: securityOptions.ref };
  if (!isKnown(privileged)) return privileged;
  if (privileged.value) return { value: false, ref: privileged.ref };
  if (!isKnown(securityOptions)) return securityOptions;
  if (securityOptions.value.seccomp.kind === 'profile') return { value: true, ref: securityOptions.ref };
  // Nothing said: then it is the engine's own choice. A file does not show that; Docker's own is a filter.
  const profile = engine.seccompProfile;
  if (!isKnown(profile))
    return profile.missing === 'unsupported'
      ? { value: true, ref: securityOptions.ref }
      : missing(profile.missing, profile.detail);
  return { value: profile.value !== null && profile.value !== 'unconfined', ref: profile.ref };
}
