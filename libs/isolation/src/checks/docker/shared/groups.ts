import { isKnown, mapFact, missing, type Fact } from '../../../facts/fact.ts';
import { believe, type Belief, type Ignorance } from '../../belief.ts';
import type { CheckInput } from '../../define.ts';

/** Groups that open the host, by their fixed numbers (Debian base-passwd). The group of the engine has no fixed number: the sockets show it. */
const SENSITIVE: ReadonlyMap<string, string> = new Map([
  ['0', 'root'],
  ['6', 'disk'],
  ['15', 'kmem'],
  ['42', 'shadow'],
]);
const SENSITIVE_NAMES = new Set(['root', 'docker', 'disk', 'kmem', 'shadow']);
const SOCKET_GROUP = 'the group of an engine socket';

/** Names of the sensitive groups that it is a member of, alphabetical. */
export function sensitiveGroups({
  document,
  declared,
  effective,
  host,
}: CheckInput): Belief<readonly string[]> | Ignorance {
  const nameOf = (group: string): string | undefined => {
    if (SENSITIVE_NAMES.has(group)) return group;
    return SENSITIVE.get(group) ?? (host.socketGids.some((gid) => String(gid) === group) ? SOCKET_GROUP : undefined);
  };
  const sensitive = (groups: readonly string[]) =>
    [...new Set(groups.map(nameOf).filter((name) => name !== undefined))].sort();
  return believe(
    document,
    mapFact(effective.groups, (gids) => sensitive(gids.map(String))),
    mapFact(configuredGroups(declared.groupAdd, declared.user), sensitive),
  );
}

/** One of these groups may write to the socket of an engine. */
export function reachesSocket(groups: readonly string[]): boolean {
  return groups.includes('docker') || groups.includes(SOCKET_GROUP);
}

function configuredGroups(
  added: Fact<readonly string[]>,
  user: CheckInput['declared']['user'],
): Fact<readonly string[]> {
  if (!isKnown(added)) return added;
  if (!isKnown(user)) return missing(user.missing, user.detail);
  return { ...added, value: user.value.group === undefined ? added.value : [...added.value, user.value.group] };
}
