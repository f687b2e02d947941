import { defineCheck } from '../define.ts';
import { judgeBinds } from './shared/mount-rule.ts';
import { isRuntimeSocket, isSensitive, isWithin } from './shared/paths.ts';

/** Any bind that no graver check speaks of. CIS Docker 1.6.0 5.6. */
export const mountHostPath = defineCheck({
  id: 'dkr.mount.host_path',
  title: 'Container holds a directory of the host',
  severity: 'low',
  platform: 'docker',
  why: 'A bind ties the container to one host and shares files with whatever else uses that path.',
  passesWhen: 'It has no other bind than those reported by graver checks, or the path is on the allow list.',
  remedy: 'Use a named volume, or put the path on the allow list.',
  howToTest: "docker inspect -f '{{range .Mounts}}{{.Type}} {{.Source}} {{end}}' CONTAINER shows no bind.",
  maps: ['CIS Docker 5.6'],
  evaluate: (input) =>
    judgeBinds(input, {
      matches: ({ realSource: source }) =>
        source !== '/' &&
        !isWithin(source, '/proc') &&
        !isSensitive(source) &&
        !isRuntimeSocket(source) &&
        !input.allow.paths.some((path) => isWithin(source, path)),
      says: 'Directories of the host are bound',
      fine: 'No other directory of the host is bound.',
    }),
});
