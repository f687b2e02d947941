import { distance } from 'fastest-levenshtein';

/** The known name that was probably meant; undefined when none is near. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, away: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.away - b.away);
  const best = ranked[0];
  // A third of the letters may be wrong; more is another word.
  return best !== undefined && best.away <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** `unknown <what> "<name>"; did you mean "<nearest>"?` */
export function unknownText(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const remedy = near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
  return `unknown ${what} "${name}"; ${remedy}`;
}
