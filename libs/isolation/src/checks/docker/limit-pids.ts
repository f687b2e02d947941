import { mapFact } from '../../facts/fact.ts';
import { believe, conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** A fork bomb in one container stops the host. CIS Docker 1.6.0 5.29. */
export const limitPids = defineCheck({
  id: 'dkr.limit.pids',
  title: 'No limit of processes',
  severity: 'medium',
  platform: 'docker',
  why: 'A fork bomb uses up the process ids of the host: nobody can start or stop anything there.',
  passesWhen: 'Its limit of processes is greater than 0 and not unlimited.',
  remedy: 'Start it with --pids-limit.',
  howToTest: "docker inspect -f '{{.HostConfig.PidsLimit}}' CONTAINER is greater than 0.",
  maps: ['CIS Docker 5.29', 'NIST SC-5'],
  evaluate: ({ document, declared, effective }) =>
    conclude(
      believe(
        document,
        effective.pidsLimit,
        mapFact(declared.pidsLimit, (limit) => (limit !== null && limit > 0 ? limit : null)),
      ),
      (limit) => (limit === null ? { message: 'The number of its processes is not limited.' } : undefined),
      'The number of its processes is limited.',
    ),
});
