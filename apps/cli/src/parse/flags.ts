/** A flag's value after parsing: its type in the verb table says which. */
export type FlagValue = string | number | boolean | readonly string[];

/** Flags of one command line, by long name. Reading one with the wrong type is a defect of the verb and throws a TypeError. */
export class Flags {
  readonly #values: ReadonlyMap<string, FlagValue>;

  constructor(values: Iterable<readonly [string, FlagValue]>) {
    this.#values = new Map(values);
  }

  /** A switch: true when given. */
  on(name: string): boolean {
    const value = this.#values.get(name) ?? false;
    if (typeof value !== 'boolean') throw new TypeError(`--${name} is not a switch`);
    return value;
  }

  /** Text of a flag that may be absent. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value !== undefined && typeof value !== 'string') throw new TypeError(`--${name} is not text`);
    return value;
  }

  /** A number; a duration is in ms. */
  number(name: string): number | undefined {
    const value = this.#values.get(name);
    if (value !== undefined && typeof value !== 'number') throw new TypeError(`--${name} is not a number`);
    return value;
  }

  /** A comma-separated list; empty when absent. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name) ?? [];
    if (!Array.isArray(value)) throw new TypeError(`--${name} is not a list`);
    return value as readonly string[];
  }

  /** A number that has a default in the verb table. */
  required(name: string): number {
    const value = this.number(name);
    if (value === undefined) throw new TypeError(`--${name} has no default`);
    return value;
  }
}
