import { isWildcard } from '../../facts/ports.ts';
import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Published on every address of the host, also on those that face the world. CIS Docker 1.6.0 5.14. */
export const portWildcard = defineCheck({
  id: 'dkr.port.wildcard',
  title: 'Port is published on all addresses',
  severity: 'medium',
  platform: 'docker',
  why: 'The engine opens the port on every interface and past most host firewalls, also where only this machine was meant.',
  passesWhen: 'Every published port names an address other than 0.0.0.0 and ::.',
  remedy: 'Bind to 127.0.0.1 or to one address: -p 127.0.0.1:8080:80.',
  howToTest: 'docker port CONTAINER shows neither 0.0.0.0 nor ::.',
  maps: ['CIS Docker 5.14', 'NIST SC-7'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.ports),
      (ports) => {
        const open = ports.filter((port) => isWildcard(port.hostIp));
        if (open.length === 0) return undefined;
        return {
          message: `Published on all addresses: ${open.map((port) => (port.hostPort === '' ? port.container : `${port.hostPort} to ${port.container}`)).join(', ')}`,
          normal: open.map((port) => `${port.hostPort}>${port.container}`),
        };
      },
      'No port is published on all addresses.',
    ),
});
