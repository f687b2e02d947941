import type { FactDocument } from '../../../facts/document.ts';
import type { EngineFacts } from '../../../facts/engine.ts';
import { isKnown, valueOr, whyMissing } from '../../../facts/fact.ts';
import type { DeclaredMount } from '../../../facts/mounts.ts';
import type { MountEntry } from '../../../facts/process-evidence.ts';
import type { Belief, Ignorance } from '../../belief.ts';
import { isBind, isWithin } from './paths.ts';

/** A read-only bind below which something can still be written. */
export interface OpenBind {
  readonly mount: DeclaredMount;
  /** Types of the writable file systems below it. */
  readonly fileSystems: readonly string[];
  /** The host's own `/proc` is among them. */
  readonly hostProc: boolean;
  /** Where they are, for evidence; empty when this follows from the configuration. */
  readonly places: readonly string[];
}

/** What is mounted below these directories on every Linux host. */
const ALWAYS_BELOW: ReadonlyMap<string, readonly string[]> = new Map([
  ['/', ['proc', 'sysfs', 'cgroup', 'devtmpfs']],
  ['/sys', ['cgroup']],
  ['/dev', ['devpts']],
]);

/**
 * Read-only binds that are not read-only all the way down: before Docker 25 the flag does not reach the submounts (mount_setattr(2) with AT_RECURSIVE does). The kernel's mount table shows them;
 * the configuration shows them only where a directory has submounts on every host.
 */
export function openBinds(document: FactDocument, engine: EngineFacts): Belief<readonly OpenBind[]> | Ignorance {
  const { mounts } = document.declared;
  if (!isKnown(mounts)) return { unknown: `its mounts are not known (${whyMissing(mounts)})` };
  const readOnly = mounts.value.filter((mount) => isBind(mount) && !mount.writable && !mount.nonRecursive);
  const certain = !mounts.truncated;
  if (readOnly.length === 0)
    return {
      value: [],
      confidence: 'declared',
      certain,
      ...(certain ? {} : { doubt: 'it has more mounts than the limit' }),
      cites: [],
    };

  const table = document.effective.mounts;
  if (document.hasProcess && document.observed && isKnown(table)) {
    const own = [...mounts.value.map((mount) => mount.destination), ...valueOr(document.declared.tmpfs, [])];
    const value = readOnly.flatMap((mount) => openBelow(mount, table.value, own, document.id));
    const whole = certain && !table.truncated;
    return {
      value,
      confidence: 'effective',
      certain: whole,
      ...(whole ? {} : { doubt: 'the mount table is longer than the limit' }),
      cites: placesCited(value, table.ref),
    };
  }
  return fromConfiguration(readOnly, engine, certain);
}

function openBelow(
  mount: DeclaredMount,
  table: readonly MountEntry[],
  own: readonly string[],
  id: string,
): readonly OpenBind[] {
  const below = table.filter(
    (entry) =>
      entry.mountPoint !== mount.destination &&
      isWithin(entry.mountPoint, mount.destination) &&
      !entry.options.includes('ro') &&
      entry.fsType !== 'nsfs' &&
      !belongsToContainer(entry, mount, own, id),
  );
  if (below.length === 0) return [];
  return [
    {
      mount,
      fileSystems: [...new Set(below.map((entry) => entry.fsType))],
      hostProc:
        mount.realSource === '/' &&
        below.some((entry) => entry.fsType === 'proc' && entry.mountPoint === `${mount.destination}/proc`),
      places: below.slice(0, 5).map((entry) => `${entry.mountPoint} (${entry.fsType})`),
    },
  ];
}

/** Mounted below the bind on purpose: another mount of this container, or a file that the engine gives every container (`/etc/hosts`). */
function belongsToContainer(entry: MountEntry, mount: DeclaredMount, own: readonly string[], id: string): boolean {
  if (entry.root.includes(`/containers/${id}/`)) return true;
  return own.some(
    (destination) =>
      destination !== mount.destination &&
      isWithin(destination, mount.destination) &&
      isWithin(entry.mountPoint, destination),
  );
}

function placesCited(open: readonly OpenBind[], ref: string): Belief<unknown>['cites'] {
  return open.map(({ places }) => ({ side: 'effective', ref, value: places, excerpt: places.join(', ') }));
}

function fromConfiguration(
  readOnly: readonly DeclaredMount[],
  engine: EngineFacts,
  whole: boolean,
): Belief<readonly OpenBind[]> {
  if (valueOr(engine.recursiveReadOnly, false))
    return {
      value: [],
      confidence: 'declared',
      certain: whole,
      ...(whole ? {} : { doubt: 'it has more mounts than the limit' }),
      cites: [],
    };
  const value = readOnly.flatMap((mount) => {
    const fileSystems = ALWAYS_BELOW.get(mount.realSource);
    return fileSystems ? [{ mount, fileSystems, hostProc: fileSystems.includes('proc'), places: [] }] : [];
  });
  const certain = whole && value.length === readOnly.length;
  return {
    value,
    confidence: 'declared',
    certain,
    ...(certain
      ? {}
      : { doubt: 'what is mounted below its read-only binds on the host cannot be seen from the configuration' }),
    cites: [],
  };
}
