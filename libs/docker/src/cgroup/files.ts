import { type CgroupController, type CgroupLocator, type CgroupMembership, KeptFile } from '@seatrial/host';

/** The text of one open file now; undefined when the kernel does not have that file. */
export type ReadFile<Name extends string> = (file: Name) => string | undefined;

/** The kept-open files of one controller of one container. */
export class ControllerFiles<Name extends string> implements Disposable {
  readonly #files = new Map<Name, KeptFile>();

  /** Opens what is there of `names`. @throws EMFILE and the like, with nothing left open */
  constructor(directory: string, names: readonly Name[]) {
    try {
      for (const name of names) {
        const file = KeptFile.openIfThere(`${directory}/${name}`);
        if (file !== undefined) this.#files.set(name, file);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  get size(): number {
    return this.#files.size;
  }

  /** @throws the errno of the system; ENODEV when the cgroup is gone */
  readonly read: ReadFile<Name> = (name) => this.#files.get(name)?.read();

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
    this.#files.clear();
  }
}

/** Opens a controller's files in the version in force; undefined when it is not mounted. */
export function openController<V1 extends string, V2 extends string>(
  locator: CgroupLocator,
  memberships: readonly CgroupMembership[],
  controller: CgroupController,
  names: { readonly v1: readonly V1[]; readonly v2: readonly V2[] },
):
  | { readonly version: 1; readonly files: ControllerFiles<V1> }
  | { readonly version: 2; readonly files: ControllerFiles<V2> }
  | undefined {
  const place = locator.place(controller, memberships);
  if (place === undefined) return undefined;
  return place.version === 1
    ? { version: 1, files: new ControllerFiles(place.directory, names.v1) }
    : { version: 2, files: new ControllerFiles(place.directory, names.v2) };
}
