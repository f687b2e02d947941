import { holds } from '../../facts/capabilities.ts';
import { isKnown, valueOr, whyMissing } from '../../facts/fact.ts';
import type { DeclaredMount } from '../../facts/mounts.ts';
import { conclude, declaredOnly, type Belief, type Ignorance } from '../belief.ts';
import { defineCheck, type CheckInput } from '../define.ts';
import type { Cite, Fault } from '../outcome.ts';
import { capabilitiesOf } from '../traits.ts';
import { citeMount } from './shared/mount-rule.ts';
import { CGROUP_ROOT, isBind, isWithin, normalMount } from './shared/paths.ts';

/** Writable places in words that stay the same, and what to cite. */
interface Writable {
  readonly places: readonly string[];
  readonly cites: readonly Cite[];
}

/** A writable cgroup file system: its release_agent runs a program on the host (CVE-2022-0492). */
export const mountCgroupRw = defineCheck({
  id: 'dkr.mount.cgroup_rw',
  title: 'Container can write to the cgroup file system',
  severity: 'high',
  platform: 'docker',
  why: 'It changes its own limits and those of others; with SYS_ADMIN (or CVE-2022-0492) the release agent of cgroup v1 runs a program on the host.',
  passesWhen: 'Every cgroup file system in its mount table is read-only. Writable is high, with SYS_ADMIN critical.',
  remedy: 'Remove the bind of /sys/fs/cgroup (or of /sys, or --privileged).',
  howToTest: "grep cgroup /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/mountinfo shows ro on every line.",
  maps: ['ATT&CK T1611'],
  evaluate: (input) =>
    conclude(writableCgroups(input), (found) => faultOf(found, input), 'Every cgroup file system in it is read-only.'),
});

function faultOf({ places, cites }: Writable, { traits }: CheckInput): Fault | undefined {
  if (places.length === 0) return undefined;
  const capabilities = capabilitiesOf(traits);
  const admin = capabilities !== undefined && holds(capabilities, 'SYS_ADMIN');
  return { message: 'A cgroup file system in it is writable.', severity: admin ? 'critical' : 'high', cites };
}

function writableCgroups(input: CheckInput): Belief<Writable> | Ignorance {
  const { document, effective } = input;
  const configured = configuredCgroups(input);
  if (!document.hasProcess || !document.observed) return configured;
  const table = effective.mounts;
  if (!isKnown(table))
    return 'value' in configured
      ? {
          ...configured,
          certain: false,
          doubt: `the mount table of the running process cannot be read (${whyMissing(table)})`,
        }
      : configured;
  const open = table.value.filter(
    (entry) => (entry.fsType === 'cgroup' || entry.fsType === 'cgroup2') && !entry.options.includes('ro'),
  );
  const places = open.map((entry) => entry.mountPoint);
  const excerpt = places.slice(0, 5).join(', ');
  return {
    value: { places, cites: open.length === 0 ? [] : [{ side: 'effective', ref: table.ref, value: places, excerpt }] },
    confidence: 'effective',
    certain: !table.truncated,
    ...(table.truncated ? { doubt: 'the mount table is longer than the limit' } : {}),
    cites: [],
  };
}

function configuredCgroups({ declared, engine }: CheckInput): Belief<Writable> | Ignorance {
  const privileged = declaredOnly(declared.privileged);
  if ('value' in privileged && privileged.value) return { ...privileged, value: { places: ['privileged'], cites: [] } };
  const mounts = declaredOnly(declared.mounts);
  if (!('value' in mounts)) return mounts;
  const verdicts = mounts.value
    .filter(isBind)
    .map((mount) => ({ mount, open: cgroupIsOpen(mount, valueOr(engine.recursiveReadOnly, false)) }));
  const open = verdicts.filter((verdict) => verdict.open === true);
  const certain = mounts.certain && 'value' in privileged && verdicts.every((verdict) => verdict.open !== undefined);
  return {
    value: { places: open.map(({ mount }) => normalMount(mount)), cites: open.map(({ mount }) => citeMount(mount)) },
    confidence: 'declared',
    certain,
    ...(certain
      ? {}
      : {
          doubt:
            'whether the controllers below its read-only cgroup bind are writable cannot be seen from the configuration',
        }),
    cites: [],
  };
}

/** Undefined for a read-only bind of the cgroup root itself: on v1 the controllers are mounted below it and stay writable, on v2 there is nothing below. */
function cgroupIsOpen({ realSource: source, writable }: DeclaredMount, recursive: boolean): boolean | undefined {
  const above = isWithin(CGROUP_ROOT, source) && source !== CGROUP_ROOT;
  if (above) return writable || !recursive;
  if (!isWithin(source, CGROUP_ROOT)) return false;
  if (writable) return true;
  return source === CGROUP_ROOT && !recursive ? undefined : false;
}
