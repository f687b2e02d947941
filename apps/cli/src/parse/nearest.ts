import { distance } from 'fastest-levenshtein';

/** The names that a person who typed `given` may have meant, nearest first; none when nothing is near. At most three. */
export function nearest(given: string, names: Iterable<string>): string[] {
  const typed = given.toLowerCase();
  const tolerance = Math.max(1, Math.floor(typed.length / 3));
  return [...new Set(names)]
    .map((name) => ({
      name,
      far: name.toLowerCase().startsWith(typed) && typed.length > 1 ? 0 : distance(typed, name.toLowerCase()),
    }))
    .filter(({ far }) => far <= tolerance)
    .toSorted((a, b) => a.far - b.far || a.name.localeCompare(b.name, 'en'))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `Did you mean "status"?`, or nothing. */
export function didYouMean(given: string, names: Iterable<string>): string | undefined {
  const near = nearest(given, names).map((name) => `\`${name}\``);
  const last = near.pop();
  if (last === undefined) return undefined;
  return `Did you mean ${near.length === 0 ? last : `${near.join(', ')} or ${last}`}?`;
}
