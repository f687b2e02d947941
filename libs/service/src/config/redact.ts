/** What stands in place of a secret. */
const HIDDEN = '***';
const SECRET_NAME = /pass(word|phrase)?$|secret|token$|^seed$|credential|private_?key/i;

/** A value as it may be shown: secrets by name and passwords inside addresses are hidden. Files of secrets keep their paths. */
export function redacted(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return SECRET_NAME.test(name) ? HIDDEN : withoutPasswords(value);
  if (SECRET_NAME.test(name) && value !== undefined && value !== null) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => redacted(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, key)]));
  return value;
}

/**
 * `scheme://user:password@host` -> `scheme://user:***@host`, in any text; a lone user part, as NATS writes tokens, is hidden too. The password ends at the last `@` of the
 * address: one that was not escaped may hold `/` and `@` itself.
 */
export function withoutPasswords(text: string): string {
  return text.replaceAll(
    /([a-z][a-z0-9+.-]*:\/\/)([^\s/@:]*)(:\S*?)?@(?![^\s,@]*@)/gi,
    (_all, scheme: string, user: string, password?: string) =>
      password === undefined ? `${scheme}${HIDDEN}@` : `${scheme}${user}:${HIDDEN}@`,
  );
}
