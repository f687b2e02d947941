import { isKnown } from '../../facts/fact.ts';
import { defineCheck } from '../define.ts';
import { cite, fail, pass, unknown } from '../outcome.ts';

/** CIS Docker 1.6.0 5.12. */
export const limitCpu = defineCheck({
  id: 'dkr.limit.cpu',
  title: 'No CPU limit or share',
  severity: 'low',
  platform: 'docker',
  why: 'It takes all processors and slows its neighbours down.',
  passesWhen: 'One of NanoCpus, CpuQuota, CpuShares is greater than 0.',
  remedy: 'Start it with --cpus or --cpu-shares.',
  howToTest:
    "docker inspect -f '{{.HostConfig.NanoCpus}} {{.HostConfig.CpuQuota}} {{.HostConfig.CpuShares}}' CONTAINER shows a number greater than 0.",
  maps: ['CIS Docker 5.12', 'NIST SC-5'],
  evaluate({ declared: { nanoCpus, cpuQuota, cpuShares } }) {
    const facts = [nanoCpus, cpuQuota, cpuShares];
    const read = facts.filter(isKnown);
    const set = read.find((fact) => fact.value > 0);
    if (set) return pass('Its CPU time is limited or weighted.', 'declared', [cite('declared', set)]);
    const cites = read.map((fact) => cite('declared', fact));
    if (read.length < facts.length)
      return unknown('not all of NanoCpus, CpuQuota and CpuShares are known', 'declared', cites);
    return fail({ message: 'Its CPU time is neither limited nor weighted.' }, 'declared', cites);
  },
});
