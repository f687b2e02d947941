import { type Reading, readingFrom } from '../kernel-files/reading.ts';

/** What `/proc/<pid>/status` says about identity and privileges. Ids are those of the reader's user namespace. */
export interface StatusEvidence {
  readonly effectiveUid: Reading<number>;
  readonly effectiveGid: Reading<number>;
  /** Supplementary groups. */
  readonly groups: Reading<readonly number[]>;
  /** Capability sets as the hexadecimal masks of the kernel (64 bits: too wide for a number). */
  readonly capInh: Reading<string>;
  readonly capPrm: Reading<string>;
  readonly capEff: Reading<string>;
  readonly capBnd: Reading<string>;
  readonly capAmb: Reading<string>;
  /** 0 or 1. */
  readonly noNewPrivs: Reading<number>;
  /** 0 off, 1 strict, 2 filter. Absent where the kernel was built without seccomp. */
  readonly seccomp: Reading<number>;
}

/** Reads the lines of interest; `ref` is the file as findings name it. Source: proc_pid_status(5). */
export function parseStatus(text: string, ref: string): StatusEvidence {
  const lines = new Map(
    text.split('\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
    }),
  );
  const of = <T>(field: string, parse: (value: string) => T | undefined): Reading<T> => {
    const value = lines.get(field);
    return readingFrom(`${ref}#${field}`, value === undefined ? undefined : parse(value));
  };
  return {
    // Four numbers: real, effective, saved, file system.
    effectiveUid: of('Uid', (value) => integers(value)?.[1]),
    effectiveGid: of('Gid', (value) => integers(value)?.[1]),
    groups: of('Groups', integers),
    capInh: of('CapInh', mask),
    capPrm: of('CapPrm', mask),
    capEff: of('CapEff', mask),
    capBnd: of('CapBnd', mask),
    capAmb: of('CapAmb', mask),
    noNewPrivs: of('NoNewPrivs', integer),
    seccomp: of('Seccomp', integer),
  };
}

function integers(text: string): number[] | undefined {
  if (text === '') return [];
  const words = text.split(/\s+/);
  return words.every((word) => /^\d+$/.test(word)) ? words.map(Number) : undefined;
}

function integer(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function mask(text: string): string | undefined {
  return /^[0-9a-f]{1,32}$/.test(text) ? text : undefined;
}
