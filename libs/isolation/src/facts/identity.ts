import { isKnown } from './fact.ts';
import { LIMITS } from './limits.ts';
import type { Section } from './section.ts';

/** Labels that say who a workload is; no other label is kept, because people put secrets into them. */
const KEPT_LABELS =
  /^(?:io\.seatrial\.|com\.docker\.compose\.(?:project|service|container-number)$|io\.kubernetes\.(?:pod\.|container\.))/;

export const UNASSIGNED = 'unassigned';

/** Who a target is, apart from this incarnation of it. */
export interface Identity {
  /** The same for every incarnation. */
  readonly identity: string;
  /** Label `io.seatrial.tenant`, else Kubernetes namespace, else compose project, else `unassigned`. */
  readonly tenant: string;
  /** Pod or compose project: members of one group may share namespaces and volumes. */
  readonly group?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** @param tenantOf rule of the configuration; asked only where no label names the tenant */
export function identityOf(
  config: Section,
  host: string,
  name: string,
  tenantOf?: (labels: Readonly<Record<string, string>>) => string | undefined,
): Identity {
  const labels = keptLabels(config);
  const project = labels['com.docker.compose.project'];
  const namespace = labels['io.kubernetes.pod.namespace'];
  const pod = labels['io.kubernetes.pod.name'];
  const group =
    namespace !== undefined && pod !== undefined
      ? `pod/${namespace}/${pod}`
      : project === undefined
        ? undefined
        : `compose/${project}`;
  return {
    identity: incarnationless(labels, host, name),
    tenant: labels['io.seatrial.tenant'] ?? tenantOf?.(labels) ?? namespace ?? project ?? UNASSIGNED,
    ...(group === undefined ? {} : { group }),
    labels,
  };
}

/** The host is part of all but the first form: two machines may run the same compose project. */
function incarnationless(labels: Readonly<Record<string, string>>, host: string, name: string): string {
  const instance = labels['io.seatrial.instance'];
  if (instance !== undefined) return `instance/${instance}`;
  const project = labels['com.docker.compose.project'];
  const service = labels['com.docker.compose.service'];
  if (project !== undefined && service !== undefined)
    return `${host}/compose/${project}/${service}/${labels['com.docker.compose.container-number'] ?? '1'}`;
  const namespace = labels['io.kubernetes.pod.namespace'];
  const container = labels['io.kubernetes.container.name'];
  const pod = labels['io.kubernetes.pod.name'];
  if (namespace !== undefined && container !== undefined && pod !== undefined)
    return `${host}/k8s/${namespace}/${pod}/${container}`;
  return `${host}/name/${name}`;
}

function keptLabels(config: Section): Readonly<Record<string, string>> {
  const labels = config.record('Labels', 'a text', (value) => (typeof value === 'string' ? value : ''), {});
  if (!isKnown(labels)) return {};
  return Object.fromEntries(
    Object.entries(labels.value)
      .filter(([key, value]) => value !== '' && KEPT_LABELS.test(key))
      .map(([key, value]) => [key, value.toWellFormed().slice(0, LIMITS.label)]),
  );
}
