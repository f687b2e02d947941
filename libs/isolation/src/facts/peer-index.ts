import type { FactDocument } from './document.ts';
import { isKnown } from './fact.ts';
import { UNASSIGNED } from './identity.ts';

/** Namespaces that two containers can share on purpose. The user namespace, and on cgroup v1 that of cgroups, are shared by all and say nothing. */
export const SHARED_KINDS = ['pid', 'net', 'ipc'] as const;
export type SharedKind = (typeof SHARED_KINDS)[number];

/** What `--pid`, `--network`, `--ipc` and `--uts` come to, from configuration alone. */
export type DeclaredNamespace =
  | { readonly kind: 'host' }
  | { readonly kind: 'private' }
  | { readonly kind: 'joined'; readonly owner: FactDocument }
  | { readonly kind: 'unknown'; readonly why: string };

/** Containers that share a namespace or a volume, found by what they share. Built once an audit over all containers of an engine. */
export class PeerIndex {
  readonly #byName = new Map<string, FactDocument>();
  readonly #documents: readonly FactDocument[];
  readonly #byNamespace = new Map<string, FactDocument[]>();
  readonly #byVolume = new Map<string, FactDocument[]>();

  constructor(documents: Iterable<FactDocument>) {
    this.#documents = [...documents];
    for (const document of this.#documents) {
      this.#byName.set(document.id, document);
      this.#byName.set(document.name, document);
    }
    for (const document of this.#documents) {
      for (const kind of SHARED_KINDS) {
        const key = this.#namespaceKey(document, kind);
        if (key !== undefined) push(this.#byNamespace, key, document);
      }
      for (const volume of volumesOf(document)) push(this.#byVolume, volume, document);
    }
  }

  get documents(): readonly FactDocument[] {
    return this.#documents;
  }

  /** By full id or name. */
  find(idOrName: string): FactDocument | undefined {
    return this.#byName.get(idOrName);
  }

  /** Other containers in the same namespace, the host's excepted: by inode where both have a process, by configuration where neither has one. */
  sharing(document: FactDocument, kind: SharedKind): readonly FactDocument[] {
    const key = this.#namespaceKey(document, kind);
    return key === undefined ? [] : others(this.#byNamespace.get(key), document);
  }

  /** Other containers that mount a named volume. */
  mounting(volume: string, document: FactDocument): readonly FactDocument[] {
    return others(this.#byVolume.get(volume), document);
  }

  /** Containers whose verdicts may change when `document` changes: those that share a namespace or volume with it or join one of its namespaces. */
  neighbours(document: FactDocument): readonly FactDocument[] {
    const found = new Set<FactDocument>();
    for (const kind of SHARED_KINDS) for (const peer of this.sharing(document, kind)) found.add(peer);
    for (const volume of volumesOf(document)) for (const peer of this.mounting(volume, document)) found.add(peer);
    for (const peer of this.#documents) {
      if (peer.id !== document.id && SHARED_KINDS.some((kind) => joins(peer, kind, document))) found.add(peer);
    }
    return [...found];
  }

  /** Follows `container:X` to the container that owns the namespace. */
  declaredNamespace(document: FactDocument, kind: SharedKind): DeclaredNamespace {
    const seen = new Set<string>();
    let at = document;
    for (;;) {
      const mode = modeOf(at, kind);
      if (mode === undefined) return { kind: 'unknown', why: `the ${kind} mode of ${at.name} is not known` };
      if (mode === 'host') return { kind: 'host' };
      const joined = joinedName(mode);
      if (joined === undefined) return at === document ? { kind: 'private' } : { kind: 'joined', owner: at };
      const next = this.find(joined);
      if (!next)
        return {
          kind: 'unknown',
          why: `container ${joined.slice(0, 64)}, whose ${kind} namespace it joins, is not known`,
        };
      if (seen.has(next.id))
        return { kind: 'unknown', why: `containers join each other's ${kind} namespace in a circle` };
      seen.add(next.id);
      at = next;
    }
  }

  #namespaceKey(document: FactDocument, kind: SharedKind): string | undefined {
    if (document.hasProcess) {
      const namespace = document.effective.namespaces[kind];
      return isKnown(namespace) ? `${document.host} ${namespace.value}` : undefined;
    }
    const declared = this.declaredNamespace(document, kind);
    if (declared.kind === 'host' || declared.kind === 'unknown') return undefined;
    const owner = declared.kind === 'joined' ? declared.owner : document;
    // A running owner has an inode; who joins it later will have the same one.
    if (owner.hasProcess) return this.#namespaceKey(owner, kind);
    return `${document.host} declared ${kind} ${owner.id}`;
  }
}

/** May share: one tenant, or one declared group. Workloads of no tenant are each their own domain. */
export function sameTrustDomain(a: FactDocument, b: FactDocument): boolean {
  return (a.tenant !== UNASSIGNED && a.tenant === b.tenant) || (a.group !== undefined && a.group === b.group);
}

function modeOf(document: FactDocument, kind: SharedKind): string | undefined {
  const mode = { pid: document.declared.pidMode, net: document.declared.networkMode, ipc: document.declared.ipcMode }[
    kind
  ];
  return isKnown(mode) ? mode.value : undefined;
}

function joinedName(mode: string): string | undefined {
  return mode.startsWith('container:') ? mode.slice('container:'.length) : undefined;
}

function joins(document: FactDocument, kind: SharedKind, owner: FactDocument): boolean {
  const joined = joinedName(modeOf(document, kind) ?? '');
  return joined !== undefined && (joined === owner.id || joined === owner.name);
}

function volumesOf(document: FactDocument): readonly string[] {
  const mounts = document.declared.mounts;
  if (!isKnown(mounts)) return [];
  return mounts.value.flatMap((mount) => (mount.type === 'volume' && mount.name !== undefined ? [mount.name] : []));
}

function others(documents: readonly FactDocument[] | undefined, self: FactDocument): readonly FactDocument[] {
  return documents?.filter((other) => other.id !== self.id) ?? [];
}

function push(index: Map<string, FactDocument[]>, key: string, document: FactDocument): void {
  const list = index.get(key);
  if (list) list.push(document);
  else index.set(key, [document]);
}
