import type { FactDocument } from '../../../facts/document.ts';
import { isKnown, mapFact, type Fact } from '../../../facts/fact.ts';
import { believe, type Belief, type Ignorance } from '../../belief.ts';

/** Whether `/proc/sys` of the container can be written: no read-only mount covers it. */
export function procSysWritable(document: FactDocument): Belief<boolean> | Ignorance {
  const { declared, effective } = document;
  return believe(
    document,
    mapFact(
      effective.mounts,
      (mounts) => !mounts.some((mount) => mount.mountPoint === '/proc/sys' && mount.options.includes('ro')),
    ),
    configured(declared.privileged, declared.readonlyPaths),
  );
}

function configured(privileged: Fact<boolean>, readonlyPaths: Fact<readonly string[]>): Fact<boolean> {
  if (isKnown(privileged) && privileged.value) return privileged;
  return mapFact(readonlyPaths, (paths) => !paths.includes('/proc/sys'));
}
