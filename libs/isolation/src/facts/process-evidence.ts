import type { MissingReason } from './fact.ts';

/** One thing that was read from the kernel, or why it could not be. */
export type Reading<T> =
  | { readonly value: T; readonly ref: string }
  | { readonly missing: MissingReason; readonly detail?: string };

/** Namespaces that checks look at. */
export const NAMESPACE_KINDS = ['pid', 'net', 'ipc', 'uts', 'mnt', 'user', 'cgroup'] as const;
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** One line of `/proc/<pid>/mountinfo` (proc_pid_mountinfo(5)); octal escapes are decoded. */
export interface MountEntry {
  /** Path inside the mounted file system that is the root of this mount. */
  readonly root: string;
  /** Mount point, seen from the process. */
  readonly mountPoint: string;
  /** Per-mount options, e.g. `ro`, `nosuid`. */
  readonly options: readonly string[];
  /** Optional fields, e.g. `shared:2`, `master:1`. */
  readonly optional: readonly string[];
  readonly fsType: string;
}

/** One line of `/proc/<pid>/uid_map`. */
export interface UidRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/**
 * What the kernel says about the first process of a container. The reader of `/proc` and cgroup files fills it; this library only judges. A reading that cannot be had says why
 * (`denied`, `gone`, `unsupported`): it is never left out.
 */
export interface ProcessEvidence {
  /** Effective uid: second number of the line `Uid` of `/proc/<pid>/status`, as the reader's user namespace sees it. */
  readonly effectiveUid: Reading<number>;
  /** Supplementary groups of the line `Groups`. */
  readonly groups: Reading<readonly number[]>;
  /** Bounding set, the hexadecimal mask of the line `CapBnd`. */
  readonly capBnd: Reading<string>;
  /** The line `NoNewPrivs`, 0 or 1. */
  readonly noNewPrivs: Reading<number>;
  /** The line `Seccomp`: 0 off, 1 strict, 2 filter. */
  readonly seccomp: Reading<number>;
  /** Text of the links under `/proc/<pid>/ns`, e.g. `pid:[4026531836]`. */
  readonly namespaces: Readonly<Record<NamespaceKind, Reading<string>>>;
  readonly mountinfo: Reading<readonly MountEntry[]>;
  readonly uidMap: Reading<readonly UidRange[]>;
  readonly oomScoreAdj: Reading<number>;
  /** Memory limit of the cgroup, bytes; null = unlimited. */
  readonly memoryLimitBytes: Reading<number | null>;
  /** Limit of processes of the cgroup; null = unlimited. */
  readonly pidsLimit: Reading<number | null>;
  /** Lines of `devices.list` (cgroup v1), e.g. `c 1:3 rwm`; `unsupported` on v2, where the rules are a program. */
  readonly deviceRules: Reading<readonly string[]>;
}
