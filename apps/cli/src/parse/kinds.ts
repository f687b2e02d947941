/** Kinds of objects that `get` and `describe` know. */
export const KINDS = [
  { name: 'hosts', singular: 'host', short: 'ho' },
  { name: 'containers', singular: 'container', short: 'co' },
  { name: 'findings', singular: 'finding', short: 'fi' },
  { name: 'targets', singular: 'target', short: 'ta' },
] as const;

export type KindName = (typeof KINDS)[number]['name'];

/** The kind that a plural, singular or short name means, in any case. */
export function kindOf(text: string): KindName | undefined {
  const typed = text.toLowerCase();
  return KINDS.find(({ name, singular, short }) => typed === name || typed === singular || typed === short)?.name;
}

/** All names by which kinds can be called. */
export function kindNames(): string[] {
  return KINDS.flatMap(({ name, singular, short }) => [name, singular, short]);
}
