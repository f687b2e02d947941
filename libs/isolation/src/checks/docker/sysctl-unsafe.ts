import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Settings that are namespaced and cannot harm others: the list of the Kubernetes Pod Security Standards, version 1.37. */
const SAFE = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_notsent_lowat',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

export const sysctlUnsafe = defineCheck({
  id: 'dkr.sysctl.unsafe',
  title: 'Container changes kernel settings that are not safe',
  severity: 'medium',
  platform: 'docker',
  why: 'Settings outside the safe list use resources of the host, or weaken its defences, for this container.',
  passesWhen: 'Every key of HostConfig.Sysctls is on the safe list of the Kubernetes Pod Security Standards (1.37).',
  remedy: 'Remove the --sysctl, or set it on the host for good reason.',
  howToTest: "docker inspect -f '{{json .HostConfig.Sysctls}}' CONTAINER shows only keys of that list.",
  maps: ['NIST CM-6'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.sysctls),
      (keys) => {
        const unsafe = keys.map((key) => key.replaceAll('/', '.')).filter((key) => !SAFE.has(key));
        return unsafe.length === 0
          ? undefined
          : { message: `It changes kernel settings that are not safe: ${unsafe.join(', ')}`, normal: unsafe };
      },
      'It changes no unsafe kernel setting.',
    ),
});
