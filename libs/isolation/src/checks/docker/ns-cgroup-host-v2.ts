import { isKnown, known, whyMissing, type Fact } from '../../facts/fact.ts';
import { defineCheck, type CheckInput } from '../define.ts';
import { cite, fail, notApplicable, pass, unknown, type Outcome } from '../outcome.ts';

const FAULT = { message: 'It is in the cgroup namespace of the host.' };

/** On cgroup v1 every container is in the host's cgroup namespace (Docker 20.10), so the row exists on v2 only. */
export const nsCgroupHostV2 = defineCheck({
  id: 'dkr.ns.cgroup.host_v2',
  title: 'Container shares the cgroup view of the host',
  severity: 'medium',
  platform: 'docker',
  why: 'It sees the cgroup tree of the whole host: which other workloads run there and what they use.',
  passesWhen: "Its cgroup namespace is not the host's. Not applicable where the engine gives none (cgroup v1).",
  remedy: 'Start it with --cgroupns private.',
  howToTest: "readlink /proc/$(docker inspect -f '{{.State.Pid}}' CONTAINER)/ns/cgroup differs from that of dockerd.",
  maps: ['CIS Docker 5.25'],
  evaluate(input) {
    const offered = cgroupNamespaces(input);
    if (isKnown(offered) && !offered.value)
      return notApplicable('The engine gives containers no cgroup namespace of their own (cgroup v1).', 'declared', [
        cite('engine', offered),
      ]);
    return input.document.hasProcess && input.document.observed ? byInode(input) : byMode(input, offered);
  },
});

/** Asks the engine; a saved document shows it too: the engine writes null for OomKillDisable exactly where cgroup v2 has no such switch. */
function cgroupNamespaces({ engine, declared }: CheckInput): Fact<boolean> {
  if (isKnown(engine.cgroupNamespaces) || !isKnown(declared.oomKillDisable)) return engine.cgroupNamespaces;
  return known(declared.oomKillDisable.value === null, declared.oomKillDisable.ref);
}

function byInode({ effective, host, declared }: CheckInput): Outcome {
  const own = effective.namespaces.cgroup;
  const reference = host.namespaces.cgroup;
  if (isKnown(own) && isKnown(reference)) {
    const cites = [cite('effective', own), cite('engine', reference)];
    return own.value === reference.value
      ? fail(FAULT, 'effective', cites)
      : pass("Its cgroup namespace is not the host's.", 'effective', cites);
  }
  const mode = declared.cgroupnsMode;
  if (isKnown(mode) && mode.value === 'host') return fail(FAULT, 'declared', [cite('declared', mode)], true);
  return unknown('the cgroup namespaces of the process and of the host cannot be compared');
}

function byMode({ declared, document }: CheckInput, offered: Fact<boolean>): Outcome {
  const mode = declared.cgroupnsMode;
  if (!isKnown(mode)) return unknown(`its mode is not known (${whyMissing(mode)})`);
  const cites = [cite('declared', mode)];
  if (mode.value === 'host')
    return isKnown(offered)
      ? fail(FAULT, 'declared', cites)
      : unknown('whether the engine gives cgroup namespaces is not known', 'declared', cites);
  if (document.hasProcess) return unknown('nobody reads /proc on this host', 'declared', cites);
  return mode.value === 'private'
    ? pass('It is configured with a cgroup namespace of its own.', 'declared', cites)
    : unknown('its mode is the default of the engine', 'declared', cites);
}
