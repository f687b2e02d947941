import { believe, conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Under memory pressure the kernel spares it and kills others. */
export const oomScore = defineCheck({
  id: 'dkr.oom.score',
  title: 'Container is spared by the out-of-memory killer',
  severity: 'medium',
  platform: 'docker',
  why: 'A negative score makes the kernel kill processes of the host or of other containers first.',
  passesWhen: 'Its oom_score_adj is 0 or greater.',
  remedy: 'Remove --oom-score-adj.',
  howToTest: "cat /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/oom_score_adj prints 0 or more.",
  maps: ['NIST SC-5'],
  evaluate: ({ document, declared, effective }) =>
    conclude(
      believe(document, effective.oomScoreAdj, declared.oomScoreAdj),
      (score) => (score < 0 ? { message: 'Its out-of-memory score is lowered: others are killed first.' } : undefined),
      'Its out-of-memory score is not lowered.',
    ),
});
