/** Limits of one inspect document. Beyond them a part is reported as missing (or as truncated) and the rest is judged. */
export const LIMITS = {
  /** Environment entries that are looked at. The kernel's own limit for all arguments and the environment is about 2 MiB. */
  environmentEntries: 4096,
  /** Characters of one environment value that are looked at. */
  environmentValue: 65_536,
  /** Entries of any other list. */
  listEntries: 1024,
  /** Characters of any other text. PATH_MAX is 4096. */
  text: 4096,
  /** Characters of a seccomp profile; Docker's own is about 12 kB. */
  seccompProfile: 524_288,
  /** Characters of a label that is kept. */
  label: 256,
} as const;
