import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** CIS Docker 1.6.0 4.6, 5.27. */
export const healthcheckMissing = defineCheck({
  id: 'dkr.healthcheck.missing',
  title: 'No health check',
  severity: 'info',
  platform: 'docker',
  why: 'A container that hangs, or serves something else, looks healthy.',
  passesWhen: 'Config.Healthcheck.Test is there and is not NONE.',
  remedy: 'Add HEALTHCHECK to the image or start it with --health-cmd.',
  howToTest: "docker inspect -f '{{json .Config.Healthcheck}}' CONTAINER is not null.",
  maps: ['CIS Docker 4.6', 'CIS Docker 5.27'],
  evaluate: ({ declared }) =>
    conclude(
      declaredOnly(declared.healthcheck),
      (test) =>
        test === null || test.kind === '' || test.kind === 'NONE' ? { message: 'It has no health check.' } : undefined,
      'It has a health check.',
    ),
});
