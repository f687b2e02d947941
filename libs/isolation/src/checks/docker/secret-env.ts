import { mapFact } from '../../facts/fact.ts';
import { conclude, declaredOnly } from '../belief.ts';
import { defineCheck } from '../define.ts';

/** Environments are shown by inspect, inherited by children and written to logs. CIS Docker 1.6.0 4.10. The value never leaves the host. */
export const secretEnv = defineCheck({
  id: 'dkr.secret.env',
  title: 'Secret in the environment',
  severity: 'high',
  platform: 'docker',
  why: 'Everybody who may inspect the container reads it, every child process inherits it, and crash reports and debug pages print it.',
  passesWhen:
    'No entry has a name that ends in PASSWORD, PASSWD, SECRET, TOKEN, API_KEY, ACCESS_KEY, PRIVATE_KEY or CREDENTIAL(S), and no value is a URL with a password, a private key, an AWS key, a GitHub token or a JWT. An empty value passes.',
  remedy: 'Mount it as a file (docker secret, a tmpfs) and pass the path, e.g. NAME_FILE.',
  howToTest: "docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' CONTAINER shows none.",
  maps: ['CIS Docker 4.10', 'NIST IA-5(7)', 'ATT&CK T1552.007'],
  evaluate({ declared }) {
    const secrets = declaredOnly(mapFact(declared.environment, (environment) => environment.secrets));
    return conclude(
      'value' in secrets ? { ...secrets, cites: [] } : secrets,
      (found) =>
        found.length === 0
          ? undefined
          : {
              message: `Its environment holds secrets: ${found.map((secret) => secret.key).join(', ')}`,
              normal: found.map((secret) => secret.key),
              cites: found.slice(0, 20).map(({ ref, key, rule, hash }) => ({
                side: 'declared',
                ref,
                value: key,
                excerpt: `${key}=<redacted> (${rule})`,
                hash,
              })),
            },
      'Its environment holds no secret.',
    );
  },
});
