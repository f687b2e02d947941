import { isKnown, known, mapFact, missing, type Fact } from './fact.ts';
import { Section } from './section.ts';

/** What the engine says about itself in `docker info`. */
export interface EngineFacts {
  /** It gives containers a cgroup namespace of their own (cgroup v2). */
  readonly cgroupNamespaces: Fact<boolean>;
  readonly cgroupVersion: Fact<1 | 2>;
  /** Container root is mapped to another user of the host. */
  readonly remapsUsers: Fact<boolean>;
  /** Seccomp profile for containers that name none: `default`, `builtin`, `unconfined`, a path; null = the engine has no seccomp. */
  readonly seccompProfile: Fact<string | null>;
  /** Read-only binds are read-only below their submounts too (Docker 25, kernel 5.12). */
  readonly recursiveReadOnly: Fact<boolean>;
  readonly kernel: Fact<string>;
}

/** Reads the answer of `GET /info`; without one every fact is missing. */
export function engineFacts(info: unknown): EngineFacts {
  const section = new Section(info, '/info');
  const options = section.texts('SecurityOptions');
  const kernel = section.text('KernelVersion');
  const version = section.text('ServerVersion');
  return {
    cgroupNamespaces: mapFact(options, (list) => list.includes('name=cgroupns')),
    cgroupVersion: section.fact('CgroupVersion', '1 or 2', (value) =>
      value === '1' ? 1 : value === '2' ? 2 : undefined,
    ),
    remapsUsers: mapFact(options, (list) => list.includes('name=userns') || list.includes('name=rootless')),
    seccompProfile: mapFact(options, seccompProfile),
    recursiveReadOnly: recursiveReadOnly(version, kernel),
    kernel,
  };
}

function seccompProfile(options: readonly string[]): string | null {
  const option = options.find((text) => text.startsWith('name=seccomp'));
  if (option === undefined) return null;
  return /profile=([^,]+)/.exec(option)?.[1] ?? 'default';
}

function recursiveReadOnly(version: Fact<string>, kernel: Fact<string>): Fact<boolean> {
  if (!isKnown(version) || !isKnown(kernel))
    return missing('unsupported', 'the versions of engine and kernel are not known');
  const [engineMajor = 0] = numbers(version.value);
  const [major = 0, minor = 0] = numbers(kernel.value);
  return known(engineMajor >= 25 && (major > 5 || (major === 5 && minor >= 12)), version.ref);
}

function numbers(version: string): readonly number[] {
  return version.split('.', 2).map((part) => Number.parseInt(part, 10) || 0);
}
