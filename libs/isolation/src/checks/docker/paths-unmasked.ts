import { both, conclude, declaredOnly, truth } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { procSysWritable } from './shared/proc-sys.ts';

/** `systempaths=unconfined`: `/proc/sys/kernel/core_pattern` opens for writing. */
export const pathsUnmasked = defineCheck({
  id: 'dkr.paths.unmasked',
  title: 'Kernel settings are not masked',
  severity: 'high',
  platform: 'docker',
  why: 'The kernel keeps one copy of most of /proc and /sys for all containers. Unmasked, root in the container sets the core dump handler and runs a program on the host.',
  passesWhen: 'MaskedPaths and ReadonlyPaths are not empty and a read-only mount covers /proc/sys.',
  remedy: 'Drop --security-opt systempaths=unconfined (and --privileged).',
  howToTest:
    "grep ' /proc/sys ' /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/mountinfo shows a mount with ro.",
  maps: ['NIST SC-39', 'ATT&CK T1611'],
  evaluate({ document, declared }) {
    const writable = procSysWritable(document);
    if (truth(writable, (open) => open) === true) {
      return conclude(
        writable,
        () => ({ message: '/proc/sys is writable: kernel settings of the host can be changed.' }),
        '',
      );
    }
    return conclude(
      both(writable, declaredOnly(declared.maskedPaths)),
      ([, masked]) => (masked.length === 0 ? { message: 'No path of /proc and /sys is masked.' } : undefined),
      '/proc/sys is read-only and sensitive paths are masked.',
    );
  },
});
