import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

const MOST_RETRIES = 5;

/** CIS Docker 1.6.0 5.15: at most five tries, so that a crash loop is noticed. `always` has no retry count, and that is the point. */
export const restartUnbounded = defineCheck({
  id: 'dkr.restart.unbounded',
  title: 'Restarts without end',
  severity: 'info',
  platform: 'docker',
  why: 'A container that restarts for ever gives an attacker as many tries as an exploit needs, and hides that it crashes.',
  passesWhen: 'The restart policy is no, or on-failure with 1 to 5 tries.',
  remedy: 'Use --restart on-failure:5.',
  howToTest: "docker inspect -f '{{json .HostConfig.RestartPolicy}}' CONTAINER",
  maps: ['CIS Docker 5.15'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.restartPolicy),
      ({ name, maximumRetryCount: tries }) => {
        if (name === '' || name === 'no') return undefined;
        if (name === 'on-failure' && tries >= 1 && tries <= MOST_RETRIES) return undefined;
        return {
          message:
            name === 'on-failure'
              ? `It restarts on failure with ${tries || 'unlimited'} tries.`
              : `It restarts ${name}.`,
          normal: [name],
        };
      },
      'Its restarts are bounded.',
    ),
});
