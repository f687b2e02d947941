import { realpathSync } from 'node:fs';

import type { DockerEngine } from '@seatrial/docker';
import { CgroupLocator, compileHostRoots, hostNamespaceReference, readProcessEvidence } from '@seatrial/host';
import {
  auditAll,
  bindSources,
  engineFacts,
  factDocument,
  hostReference,
  type FactDocument,
  type TargetAudit,
} from '@seatrial/isolation';

/** What an audit needs that does not change from one to the next. */
export interface Surroundings {
  readonly info: object;
  readonly host: ReturnType<typeof hostReference>;
  readonly cgroups: CgroupLocator;
}

export async function surroundings(engine: DockerEngine): Promise<Surroundings> {
  const info = await engine.info();
  return {
    info,
    host: hostReference({ name: info.Name, namespaces: hostNamespaceReference().namespaces }),
    cgroups: CgroupLocator.fromProc(compileHostRoots({})),
  };
}

/** List, one inspect a container, its process, no child process: the document of every container that `wanted` names. */
export async function documentsOf(
  engine: DockerEngine,
  around: Surroundings,
  wanted: ReadonlySet<string>,
): Promise<FactDocument[]> {
  const listed = (await engine.listContainers()).filter(({ Id: id }) => wanted.has(id));
  return Promise.all(listed.map(({ Id: id }) => documentOf(engine, around, id)));
}

async function documentOf(engine: DockerEngine, { host, cgroups }: Surroundings, id: string): Promise<FactDocument> {
  const inspect = await engine.inspect(id);
  const { Pid: pid, Running: running } = inspect.State;
  const evidence = running ? { evidence: await readProcessEvidence(pid, { containerId: id, cgroups }) } : {};
  return factDocument(inspect, {
    salt: 'bench',
    host: host.name,
    origin: 'engine',
    realSources: resolved(inspect),
    ...evidence,
  });
}

export function auditDocuments(
  documents: readonly FactDocument[],
  { info, host }: Surroundings,
): readonly TargetAudit[] {
  return auditAll(documents, { engine: engineFacts(info), host });
}

function resolved(inspect: unknown): ReadonlyMap<string, string> {
  return new Map(
    bindSources(inspect).flatMap((source) => {
      try {
        return [[source, realpathSync(source)] as const];
      } catch {
        return []; // judged as text
      }
    }),
  );
}
