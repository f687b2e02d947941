import { defineCheck } from '../define.ts';
import { judgeBinds } from './shared/mount-rule.ts';
import { isWithin } from './shared/paths.ts';

/** The host's process file system: core_pattern, foreign memory and environments. CIS Docker 1.6.0 5.6. */
export const mountHostProc = defineCheck({
  id: 'dkr.mount.host_proc',
  title: "Container holds the host's /proc",
  severity: 'critical',
  platform: 'docker',
  why: 'Through it root sets the core dump handler of the host and reads the environment and memory of foreign processes.',
  passesWhen: 'No bind has a source at or below /proc.',
  remedy: 'Remove the bind; a container has a /proc of its own.',
  howToTest: "docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' CONTAINER shows nothing at or below /proc.",
  maps: ['CIS Docker 5.6', 'ATT&CK T1611'],
  evaluate: (input) =>
    judgeBinds(input, {
      matches: (mount) => isWithin(mount.realSource, '/proc'),
      says: "The host's /proc is bound",
      fine: "The host's /proc is not bound.",
    }),
});
