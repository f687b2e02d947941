const TOKEN = /^[a-z0-9-]{1,64}$/;

/** FNV-1a over the UTF-8 bytes, 64 bit, as 16 hex digits. Stable across processes and releases; not a security hash. */
export function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Turns any id into one subject token: itself where it is one already, else a hash of it. User text never stands in a subject. */
export function keyToken(id: string): string {
  return TOKEN.test(id) ? id : `h-${fnv1a64(id)}`;
}

/** Tokens of a check id: dots separate tokens, `_` becomes `-`. No check id holds `-`, so this is reversible. */
export function checkTokens(checkId: string): string[] {
  return checkId.split('.').map((part) => part.replaceAll('_', '-'));
}

/** Number of sample shards of one target: enough for 16 archive writers, few enough for a small stream. */
export const SAMPLE_SHARDS = 16;

/**
 * Shard of a resource, 0-15; all its samples travel on one subject, so they stay in order. FNV-1a with 32 bits over the UTF-16 code units: it runs once a resource and
 * tick in every reader, where big integers would cost more than the rest of the check.
 */
export function shardOf(resourceId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < resourceId.length; i++) hash = Math.imul(hash ^ resourceId.charCodeAt(i), 0x01000193);
  // Folded: the low bits of FNV depend on the low bits of the text only.
  return ((hash >>> 16) ^ hash) & (SAMPLE_SHARDS - 1);
}

/** Throws when a token would not be a legal, literal subject token. */
export function assertToken(token: string, where: string): void {
  if (!TOKEN.test(token)) throw new TypeError(`${where}: "${token}" is not a subject token ([a-z0-9-], 1-64)`);
}
