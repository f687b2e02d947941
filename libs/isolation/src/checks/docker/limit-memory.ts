import { mapFact } from '../../facts/fact.ts';
import { believe, conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** CIS Docker 1.6.0 5.11. */
export const limitMemory = defineCheck({
  id: 'dkr.limit.memory',
  title: 'No memory limit',
  severity: 'medium',
  platform: 'docker',
  why: 'A leak or an attack uses up the memory of the host and the kernel kills processes of others.',
  passesWhen: 'Its memory limit is greater than 0 and not unlimited.',
  remedy: 'Start it with --memory.',
  howToTest: "docker inspect -f '{{.HostConfig.Memory}}' CONTAINER is greater than 0.",
  maps: ['CIS Docker 5.11', 'NIST SC-5', 'ATT&CK T1499'],
  evaluate: ({ document, declared, effective }) =>
    conclude(
      believe(
        document,
        effective.memoryLimit,
        mapFact(declared.memory, (bytes) => (bytes > 0 ? bytes : null)),
      ),
      (limit) => (limit === null ? { message: 'Its memory is not limited.' } : undefined),
      'Its memory is limited.',
    ),
});
