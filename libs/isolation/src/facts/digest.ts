import { hash } from 'node:crypto';

/** SHA-256 of a text, hex. Lone surrogates count as U+FFFD, so any string can be hashed. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Hash of a secret: without the salt, which never leaves the host, it cannot be found by trying values. */
export function saltedHash(salt: string, secret: string): string {
  return hash('sha256', `${salt}\u0000${secret}`, 'hex');
}

/** JSON with sorted keys, so that equal values give equal text. Maps and sets are not expected. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'bigint') return `"${value.toString(16)}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}
