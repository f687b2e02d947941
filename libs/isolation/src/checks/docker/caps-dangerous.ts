import { capabilitySet, type CapabilitySet } from '../../facts/capabilities.ts';
import { escapesByCapability } from '../../escape/rules.ts';
import { defineCheck } from '../define.ts';
import { judgeCapabilities } from './shared/capability-rule.ts';

/** Capabilities that reach beyond the container. Docker's default set holds none of them. */
export const DANGEROUS_CAPABILITIES: CapabilitySet = capabilitySet([
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'DAC_READ_SEARCH',
  'BPF',
  'SYS_BOOT',
  'SYS_TIME',
  'SYSLOG',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'PERFMON',
  'CHECKPOINT_RESTORE',
  'AUDIT_CONTROL',
]);

/** CIS Docker 1.6.0 5.4. Critical where one of them opens a way to the host, else high. */
export const capsDangerous = defineCheck({
  id: 'dkr.caps.dangerous',
  title: 'Container holds dangerous capabilities',
  severity: 'critical',
  platform: 'docker',
  why: 'These capabilities act on the kernel, on foreign processes or on foreign files, not on the container alone.',
  passesWhen:
    'Its bounding set holds none of SYS_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO, DAC_READ_SEARCH, BPF, SYS_BOOT, SYS_TIME, SYSLOG, MAC_ADMIN, MAC_OVERRIDE, PERFMON, CHECKPOINT_RESTORE, AUDIT_CONTROL.',
  remedy: 'Start it with --cap-drop ALL and add only what it needs.',
  howToTest:
    "capsh --decode=$(awk '/^CapBnd/{print $2}' /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status) lists none of them.",
  maps: ['CIS Docker 5.4', 'NIST AC-6', 'ATT&CK T1611'],
  evaluate: (input) =>
    judgeCapabilities(input, DANGEROUS_CAPABILITIES, 'It holds', 'It holds no dangerous capability.', () =>
      escapesByCapability(input) ? 'critical' : 'high',
    ),
});
