import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Ports below this are for services of the host (RFC 6335: system ports). */
const FIRST_ORDINARY_PORT = 1024;

/** CIS Docker 1.6.0 5.8. */
export const portPrivileged = defineCheck({
  id: 'dkr.port.privileged',
  title: 'Container takes a system port of the host',
  severity: 'low',
  platform: 'docker',
  why: 'Clients trust what answers on ports below 1024, because on the host only root may open them.',
  passesWhen: 'Every host port is 1024 or greater, or chosen by the engine.',
  remedy: 'Publish on a higher port behind a proxy.',
  howToTest: 'docker port CONTAINER shows no host port below 1024.',
  maps: ['CIS Docker 5.8'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.ports),
      (ports) => {
        const low = ports.filter((port) => isSystemPort(port.hostPort));
        if (low.length === 0) return undefined;
        return {
          message: `It takes system ports of the host: ${low.map((port) => port.hostPort).join(', ')}`,
          normal: low.map((port) => `${port.hostPort}>${port.container}`),
        };
      },
      'It takes no system port of the host.',
    ),
});

/** A range counts by its first port; empty and 0 let the engine choose a high one. */
function isSystemPort(hostPort: string): boolean {
  const first = Number.parseInt(hostPort, 10);
  return first > 0 && first < FIRST_ORDINARY_PORT;
}
