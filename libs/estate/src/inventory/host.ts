import { attributesOf, type ResourceDraft, safeText } from './draft.ts';
import { resourceId } from './docker.ts';

/** What a machine says about itself; absent means it cannot be read here. */
export interface HostFacts {
  readonly hostname: string;
  readonly architecture: string;
  readonly machineId?: string;
  readonly productUuid?: string;
  readonly kernelRelease?: string;
  readonly cpus?: number;
  readonly cgroupVersion?: number;
  readonly scope?: string;
}

/** @param memoryBytes memory of the machine, where it can be read */
export function hostDraft(tgt: string, facts: HostFacts, memoryBytes?: number): ResourceDraft {
  return {
    id: hostId(tgt),
    tgt,
    src: 'host',
    kind: 'host',
    name: safeText(facts.hostname, 512),
    native: 'host',
    ...(facts.productUuid === undefined ? {} : { uuid: facts.productUuid }),
    status: 'up',
    attrs: attributesOf({
      architecture: facts.architecture,
      machineId: facts.machineId,
      kernel: facts.kernelRelease,
      cpus: facts.cpus,
      memoryBytes,
      cgroupVersion: facts.cgroupVersion,
      scope: facts.scope,
    }),
    labels: {},
    rel: [],
  };
}

export const hostId = (tgt: string): string => resourceId(tgt, 'host');
