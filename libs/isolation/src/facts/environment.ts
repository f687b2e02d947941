import { saltedHash } from './digest.ts';
import { isKnown, missing, type Fact } from './fact.ts';
import { LIMITS } from './limits.ts';
import type { Section } from './section.ts';

/** An environment entry that looks like a secret. Its value is not kept. */
interface SecretEntry {
  readonly key: string;
  /** What gave it away. */
  readonly rule: 'name' | 'url-password' | 'private-key' | 'aws-key' | 'github-token' | 'jwt';
  /** Salted hash of the value, hex. */
  readonly hash: string;
  readonly ref: string;
}

export interface EnvironmentFacts {
  readonly secrets: readonly SecretEntry[];
  /** Salted hash over all entries, for the configuration hash. */
  readonly digest: string;
}

const SECRET_NAME = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)$/i;

const SECRET_VALUES: readonly (readonly [SecretEntry['rule'], RegExp])[] = [
  // The user part cannot hold a slash or an @, so each of these runs in linear time.
  ['url-password', /^[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}:[^\s/@]{1,256}@/i],
  ['private-key', /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----/],
  ['aws-key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['github-token', /\b(?:gh[a-z]_[A-Za-z0-9]{16,255}|github_pat_\w{22,255})/],
  ['jwt', /\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]+/],
];

/** Reads `Config.Env`. Values are looked at here and nowhere else: only salted hashes leave this function. */
export function environmentFacts(config: Section, salt: string): Fact<EnvironmentFacts> {
  const ref = config.pointerTo('Env');
  const entries = config.fact<readonly unknown[]>('Env', 'a list', (value) =>
    value === null ? [] : Array.isArray(value) ? value : undefined,
  );
  if (!isKnown(entries)) return entries;
  const kept = entries.value.slice(0, LIMITS.environmentEntries);
  const secrets: SecretEntry[] = [];
  const texts: string[] = [];
  for (const [i, entry] of kept.entries()) {
    if (typeof entry !== 'string') return missing('unsupported', `${ref}/${i} is not a text`, ref);
    texts.push(entry);
    const secret = secretIn(entry, `${ref}/${i}`, salt);
    if (secret) secrets.push(secret);
  }
  const digest = saltedHash(salt, texts.sort().join('\u0000'));
  return { value: { secrets, digest }, ref, ...(kept.length < entries.value.length ? { truncated: true } : {}) };
}

function secretIn(entry: string, ref: string, salt: string): SecretEntry | undefined {
  const at = entry.indexOf('=');
  const value = at < 0 ? '' : entry.slice(at + 1, at + 1 + LIMITS.environmentValue);
  if (value === '') return undefined;
  const key = entry.slice(0, at);
  const rule = SECRET_NAME.test(key) ? 'name' : SECRET_VALUES.find(([, pattern]) => pattern.test(value))?.[0];
  return rule && { key: key.slice(0, 200), rule, hash: saltedHash(salt, value), ref };
}
