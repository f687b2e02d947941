import { capabilitySet } from '../../facts/capabilities.ts';
import { defineCheck } from '../define.ts';
import { judgeCapabilities } from './shared/capability-rule.ts';

/** Raw sockets on a shared bridge: spoofing of its neighbours. CIS Docker 1.6.0 5.4, CIS Kubernetes 1.12 5.2.8. */
export const capsNetRaw = defineCheck({
  id: 'dkr.caps.net_raw',
  title: 'Container may forge packets',
  severity: 'low',
  platform: 'docker',
  why: 'NET_RAW, part of the default set, lets it forge ARP and IP packets and so intercept the traffic of its neighbours on the same bridge.',
  passesWhen: 'NET_RAW is not in its bounding set.',
  remedy:
    'Start it with --cap-drop NET_RAW (ping needs no capability where net.ipv4.ping_group_range covers its group).',
  howToTest:
    "capsh --decode=$(awk '/^CapBnd/{print $2}' /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status) does not list cap_net_raw.",
  maps: ['CIS Docker 5.4', 'CIS Kubernetes 5.2.8', 'ATT&CK T1557'],
  evaluate: (input) => judgeCapabilities(input, capabilitySet(['NET_RAW']), 'It holds', 'It does not hold NET_RAW.'),
});
