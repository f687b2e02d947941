import type { Evidence } from '@seatrial/contracts';

import type { Cite, Outcome, Side } from '../checks/outcome.ts';
import { capabilityNames } from '../facts/capabilities.ts';
import { canonicalJson, sha256 } from '../facts/digest.ts';

const EXCERPT = 300;
const MOST_CITES = 50;

/** Evidence as it is shown and stored: where, a hash of what stood there, and a short excerpt. Secrets come with their own excerpt and salted hash. */
export function evidenceOf(outcome: Outcome): Evidence[] {
  return outcome.cites.slice(0, MOST_CITES).map((cite) => ({
    ref: plainText(cite.ref, EXCERPT),
    hash: cite.hash ?? sha256(canonicalJson(cite.value)),
    excerpt: excerptOf(cite),
  }));
}

/** What one side says, in one line; undefined when it was not asked. */
export function sideText(outcome: Outcome, side: Side): string | undefined {
  const said = outcome.cites.filter((cite) => cite.side === side);
  if (said.length === 0) return undefined;
  return plainText(said.map((cite) => `${fieldOf(cite.ref)}: ${excerptOf(cite)}`).join('; '), EXCERPT);
}

function excerptOf({ value, excerpt }: Cite): string {
  if (excerpt !== undefined) return plainText(excerpt, EXCERPT);
  return plainText(
    typeof value === 'bigint' ? capabilityNames(value).join(' ') : (JSON.stringify(value) ?? ''),
    EXCERPT,
  );
}

/** `/HostConfig/PidMode` as `HostConfig.PidMode`; a file stays a file. */
function fieldOf(ref: string): string {
  return /^\/(?:proc|sys)\//.test(ref) ? ref : ref.slice(1).replaceAll('/', '.');
}

/** One line of well-formed text without control characters, so that no terminal, CSV or log is led astray by a hostile name. */
export function plainText(text: string, limit: number): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const line = text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
