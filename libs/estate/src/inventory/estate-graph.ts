import type { RelationType, ResourceRecord } from '@seatrial/contracts';

/** Relations that lead from an object to what it lives on. */
const OWNING: readonly RelationType[] = ['runs-on', 'contained-in', 'backed-by'];

/** The resources and their relations, readable in both directions. */
export class EstateGraph {
  readonly #records = new Map<string, ResourceRecord>();
  readonly #dependents = new Map<string, Set<string>>();

  get size(): number {
    return this.#records.size;
  }

  get records(): Iterable<ResourceRecord> {
    return this.#records.values();
  }

  get(id: string): ResourceRecord | undefined {
    return this.#records.get(id);
  }

  put(record: ResourceRecord): void {
    this.delete(record.id);
    this.#records.set(record.id, record);
    for (const { to } of record.rel) {
      let ids = this.#dependents.get(to);
      if (ids === undefined) this.#dependents.set(to, (ids = new Set()));
      ids.add(record.id);
    }
  }

  delete(id: string): void {
    for (const { to } of this.#records.get(id)?.rel ?? []) {
      const ids = this.#dependents.get(to);
      if (ids?.delete(id) === true && ids.size === 0) this.#dependents.delete(to);
    }
    this.#records.delete(id);
  }

  /** Ids of objects that relate to this one. */
  dependentsOf(id: string): readonly string[] {
    return [...(this.#dependents.get(id) ?? [])].toSorted();
  }

  /** What the object lives on, nearest first. Relations below certainty are followed too: they are shown, not acted on. */
  ownersOf(id: string): ResourceRecord[] {
    const chain: ResourceRecord[] = [];
    const seen = new Set([id]);
    for (let next = this.#ownerOf(id); next !== undefined && !seen.has(next.id); next = this.#ownerOf(next.id)) {
      seen.add(next.id);
      chain.push(next);
    }
    return chain;
  }

  #ownerOf(id: string): ResourceRecord | undefined {
    const record = this.#records.get(id);
    const owning = record?.rel.filter(({ type }) => OWNING.includes(type)) ?? [];
    return owning.map(({ to }) => this.#records.get(to)).find((owner) => owner !== undefined);
  }
}
