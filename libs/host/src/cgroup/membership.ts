/** One line of `/proc/<pid>/cgroup`: a hierarchy and the place of the process in it. */
export interface CgroupMembership {
  /** Controllers of a v1 hierarchy; empty for the v2 one (`0::/...`). A named hierarchy without controllers is `name=systemd`. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Reads `/proc/<pid>/cgroup`. Source: cgroups(7). */
export function parseCgroupMembership(text: string): CgroupMembership[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (match === null) return [];
    const [, controllers = '', path = ''] = match;
    return [{ controllers: controllers === '' ? [] : controllers.split(','), path }];
  });
}

/** Some line names the container: Docker's cgroup path ends in the id under cgroupfs and in `docker-<id>.scope` under systemd. */
export function belongsToContainer(memberships: readonly CgroupMembership[], containerId: string): boolean {
  return containerId !== '' && memberships.some(({ path }) => path.includes(containerId));
}
