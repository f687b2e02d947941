import { conclude, declaredOnly, isBelief } from '../belief.ts';
import { defineCheck } from '../define.ts';
import { fail } from '../outcome.ts';
import { isHarmlessDevice, isRawDevice } from './shared/devices.ts';

/** CIS Docker 1.6.0 5.18. Critical for disks and memory, else high. */
export const deviceHost = defineCheck({
  id: 'dkr.device.host',
  title: 'Container holds a device of the host',
  severity: 'high',
  platform: 'docker',
  why: 'A disk device gives all files of the host past every permission, /dev/mem its memory; other devices open their driver.',
  passesWhen:
    'It is given no device but null, zero, full, random, urandom and tty. Disks and memory are critical, others high.',
  remedy: 'Remove --device (and --privileged).',
  howToTest: "docker inspect -f '{{json .HostConfig.Devices}}' CONTAINER prints [].",
  maps: ['CIS Docker 5.18', 'ATT&CK T1611'],
  evaluate({ declared }) {
    const privileged = declaredOnly(declared.privileged);
    if (isBelief(privileged) && privileged.value)
      return fail(
        { message: 'It is privileged and so holds every device of the host.', normal: ['all'], severity: 'critical' },
        'declared',
        privileged.cites,
      );
    const devices = declaredOnly(declared.devices);
    return conclude(
      isBelief(privileged) || !isBelief(devices) ? devices : { ...devices, certain: false, doubt: privileged.unknown },
      (paths) => {
        const given = paths.filter((path) => !isHarmlessDevice(path));
        if (given.length === 0) return undefined;
        return {
          message: `It holds devices of the host: ${given.join(', ')}`,
          normal: given,
          severity: given.some(isRawDevice) ? 'critical' : 'high',
        };
      },
      'It holds no device of the host.',
    );
  },
});
