import { sha256 } from './digest.ts';
import { isKnown, missing, type Fact } from './fact.ts';
import { LIMITS } from './limits.ts';
import { exposedCalls } from './seccomp-profile.ts';
import type { Section } from './section.ts';

/** What `--security-opt seccomp=...` asks for. */
type SeccompChoice =
  | { readonly kind: 'default' }
  | { readonly kind: 'unconfined' }
  | {
      readonly kind: 'profile';
      readonly digest: string;
      /** Dangerous calls it allows unconditionally. */ readonly exposes: Fact<readonly string[]>;
    };

/** The security options of a container, read. */
export interface SecurityOptions {
  readonly noNewPrivileges: boolean;
  /** The option as written, if there is one. */
  readonly noNewPrivilegesText?: string;
  readonly seccomp: SeccompChoice;
}

/** Exactly these switch it on; `=false` and anything else that merely contains the word does not. */
const NO_NEW_PRIVILEGES_ON = new Set(['no-new-privileges', 'no-new-privileges:true', 'no-new-privileges=true']);

/** Reads `HostConfig.SecurityOpt`; of several options of one kind the last wins, as in the engine. */
export function securityOptions(hostConfig: Section): Fact<SecurityOptions> {
  const options = hostConfig.list('SecurityOpt', 'a text', (item) => (typeof item === 'string' ? item : undefined));
  if (!isKnown(options)) return options;
  if (options.truncated)
    return missing('unsupported', `${options.ref} has more than ${LIMITS.listEntries} entries`, options.ref);
  const noNewPrivileges = options.value.findLast((option) => /^no-new-privileges(?:[:=]|$)/.test(option));
  const seccomp = options.value.findLast((option) => /^seccomp[:=]/.test(option));
  return {
    ref: options.ref,
    value: {
      noNewPrivileges: noNewPrivileges !== undefined && NO_NEW_PRIVILEGES_ON.has(noNewPrivileges),
      ...(noNewPrivileges === undefined ? {} : { noNewPrivilegesText: noNewPrivileges.slice(0, 100) }),
      seccomp: seccompChoice(seccomp?.slice('seccomp='.length), options.ref),
    },
  };
}

function seccompChoice(value: string | undefined, ref: string): SeccompChoice {
  if (value === undefined || value === 'builtin' || value === 'default') return { kind: 'default' };
  if (value === 'unconfined') return { kind: 'unconfined' };
  return { kind: 'profile', digest: sha256(value), exposes: exposedCalls(value, ref) };
}
