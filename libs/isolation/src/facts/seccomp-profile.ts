import { missing, known, type Fact } from './fact.ts';
import { LIMITS } from './limits.ts';
import { isRecord } from './section.ts';

/** System calls that a container has no business to make without a guard: kernel code, other namespaces, other processes' memory, foreign files. */
const DANGEROUS_CALLS = [
  'kexec_load',
  'init_module',
  'finit_module',
  'open_by_handle_at',
  'bpf',
  'mount',
  'unshare',
  'setns',
  'keyctl',
  'perf_event_open',
  'userfaultfd',
] as const;

/** `LOG` lets the call through and writes it down. */
const PERMITTING = new Set(['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG']);

/**
 * Dangerous calls that a profile (seccomp JSON as Docker takes it) allows unconditionally. A rule that is guarded by `includes.caps` or by argument filters is conditional and counts neither way.
 * @param text the JSON that inspect shows inline
 */
export function exposedCalls(text: string, ref: string): Fact<readonly string[]> {
  if (text.length > LIMITS.seccompProfile)
    return missing('unsupported', `the seccomp profile is longer than ${LIMITS.seccompProfile} characters`, ref);
  let profile: unknown;
  try {
    profile = JSON.parse(text);
  } catch {
    return missing('unsupported', 'the seccomp profile is not JSON', ref);
  }
  if (!isRecord(profile) || typeof profile['defaultAction'] !== 'string')
    return missing('unsupported', 'the seccomp profile has no defaultAction', ref);
  const listed = profile['syscalls'] ?? [];
  if (!Array.isArray(listed)) return missing('unsupported', 'the syscalls of the seccomp profile are not a list', ref);

  const allowed = new Set<string>();
  const refused = new Set<string>();
  for (const rule of listed) {
    if (!isRecord(rule) || isConditional(rule)) continue;
    const into = PERMITTING.has(String(rule['action'])) ? allowed : refused;
    for (const name of namesOf(rule)) into.add(name);
  }
  const open = PERMITTING.has(profile['defaultAction']);
  return known(
    DANGEROUS_CALLS.filter((call) => allowed.has(call) || (open && !refused.has(call))),
    ref,
  );
}

function isConditional(rule: Readonly<Record<string, unknown>>): boolean {
  const includes = rule['includes'];
  const caps = isRecord(includes) ? includes['caps'] : undefined;
  const args = rule['args'];
  return (Array.isArray(caps) && caps.length > 0) || (Array.isArray(args) && args.length > 0);
}

/** Profiles list `names`; very old ones have one `name` a rule. */
function namesOf(rule: Readonly<Record<string, unknown>>): readonly string[] {
  const names = rule['names'];
  if (Array.isArray(names)) return names.filter((name) => typeof name === 'string');
  return typeof rule['name'] === 'string' ? [rule['name']] : [];
}
