import { mapFact } from '../../facts/fact.ts';
import { believe, conclude } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Without it a set-uid program in the image raises privileges. CIS Docker 1.6.0 5.26; the option must be exact: `=false` contains the word too. */
export const nnpMissing = defineCheck({
  id: 'dkr.nnp.missing',
  title: 'Processes may gain privileges',
  severity: 'medium',
  platform: 'docker',
  why: 'A set-uid program or file capability in the image lets a process gain privileges that its user does not have.',
  passesWhen:
    'NoNewPrivs of its first process is 1; without a process: the security option is exactly no-new-privileges, no-new-privileges:true or no-new-privileges=true.',
  remedy: 'Start it with --security-opt no-new-privileges.',
  howToTest: "grep ^NoNewPrivs /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/status prints 1.",
  maps: ['CIS Docker 5.26', 'NIST AC-6', 'ATT&CK T1548.001'],
  evaluate: ({ document, declared, effective }) =>
    conclude(
      believe(
        document,
        effective.noNewPrivileges,
        mapFact(declared.securityOptions, (options) => options.noNewPrivileges),
      ),
      (set) => (set ? undefined : { message: 'Its processes may gain privileges: no-new-privileges is not set.' }),
      'no-new-privileges is set.',
    ),
});
