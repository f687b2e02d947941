import { readlinkSync } from 'node:fs';
import { missingFrom, type Reading } from '../kernel-files/reading.ts';

/** Namespaces we compare. */
export const NAMESPACE_KINDS = ['pid', 'net', 'ipc', 'uts', 'mnt', 'user', 'cgroup'] as const;
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** Text of a link below `/proc/<pid>/ns`, e.g. `pid:[4026531836]`. Never empty: an empty reference would make every comparison say "differs". */
export type NamespaceLink = `${string}:[${number}]`;

export type NamespaceReadings = Readonly<Record<NamespaceKind, Reading<NamespaceLink>>>;

/** Reads the namespaces of a process. Two processes share one exactly when the texts are equal. Source: namespaces(7). */
export function readNamespaces(procRoot: string, pid: number): NamespaceReadings {
  return everyNamespace((kind) => readNamespace(procRoot, pid, kind));
}

/** The same reading for each kind. */
export function everyNamespace(reading: (kind: NamespaceKind) => Reading<NamespaceLink>): NamespaceReadings {
  return {
    pid: reading('pid'),
    net: reading('net'),
    ipc: reading('ipc'),
    uts: reading('uts'),
    mnt: reading('mnt'),
    user: reading('user'),
    cgroup: reading('cgroup'),
  };
}

function readNamespace(procRoot: string, pid: number, kind: NamespaceKind): Reading<NamespaceLink> {
  const path = `${procRoot}/${pid}/ns/${kind}`;
  try {
    const link = readlinkSync(path);
    const ref = `/proc/${pid}/ns/${kind}`;
    return isNamespaceLink(link)
      ? { value: link, ref }
      : { missing: 'unsupported', detail: `${ref} reads ${JSON.stringify(link)}` };
  } catch (error) {
    return missingFrom(error, path);
  }
}

function isNamespaceLink(link: string): link is NamespaceLink {
  return /^[a-z]+:\[[1-9]\d*\]$/.test(link);
}
