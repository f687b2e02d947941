import { known, missing, type Fact } from './fact.ts';
import { LIMITS } from './limits.ts';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One escape rule of RFC 6901, for keys that people choose. */
function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * One object inside an inspect document, e.g. `HostConfig`. Every reader gives a fact: the value and its JSON pointer, or why it is missing. A field that is not there is missing, except where
 * the engine leaves out empty values (`whenOmitted`). A field of the wrong type is missing too and its name is in the detail; unknown fields are ignored.
 */
export class Section {
  readonly #fields: Readonly<Record<string, unknown>> | undefined;
  readonly #pointer: string;

  constructor(fields: unknown, pointer: string) {
    this.#fields = isRecord(fields) ? fields : undefined;
    this.#pointer = pointer;
  }

  /** False when the whole object is missing or no object. */
  get exists(): boolean {
    return this.#fields !== undefined;
  }

  pointerTo(key: string): string {
    return `${this.#pointer}/${pointerToken(key)}`;
  }

  raw(key: string): unknown {
    return this.#fields?.[key];
  }

  section(key: string): Section {
    return new Section(this.raw(key), this.pointerTo(key));
  }

  /** Reads `key` with `parse`, which gives undefined for a value of the wrong type. `null` is passed on as undefined is not: Go writes it for empty lists, maps and pointers. */
  fact<T>(key: string, shape: string, parse: (value: unknown) => T | undefined, whenOmitted?: T): Fact<T> {
    const pointer = this.pointerTo(key);
    const value = this.raw(key);
    if (value === undefined) {
      if (whenOmitted !== undefined && this.exists) return known(whenOmitted, pointer);
      return missing('unsupported', `${pointer} is not in the document`, pointer);
    }
    const parsed = parse(value);
    return parsed === undefined
      ? missing('unsupported', `${pointer} is not ${shape}`, pointer)
      : known(parsed, pointer);
  }

  flag(key: string): Fact<boolean> {
    return this.fact(key, 'a boolean', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  /** A pointer to a boolean: null is a value of its own. */
  optionalFlag(key: string): Fact<boolean | null> {
    return this.fact<boolean | null>(key, 'a boolean or null', (value) =>
      typeof value === 'boolean' || value === null ? value : undefined,
    );
  }

  number(key: string): Fact<number> {
    return this.fact(key, 'a number', (value) =>
      typeof value === 'number' && Number.isFinite(value) ? value : undefined,
    );
  }

  /** A pointer to a number: null is a value of its own. */
  optionalNumber(key: string): Fact<number | null> {
    return this.fact<number | null>(key, 'a number or null', (value) =>
      value === null || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined,
    );
  }

  text(key: string, whenOmitted?: string): Fact<string> {
    return this.fact(key, `a text of at most ${LIMITS.text} characters`, shortText, whenOmitted);
  }

  texts(key: string): Fact<readonly string[]> {
    return this.list(key, 'a text', shortText);
  }

  /** A list of at most `LIMITS.listEntries` items; null is the empty list. Beyond the limit the first items are kept and marked as truncated. */
  list<T>(
    key: string,
    shape: string,
    parse: (item: unknown, pointer: string) => T | undefined,
    whenOmitted?: readonly T[],
  ): Fact<readonly T[]> {
    const pointer = this.pointerTo(key);
    const items = this.fact<readonly unknown[]>(
      key,
      'a list',
      (value) => (value === null ? [] : Array.isArray(value) ? value : undefined),
      whenOmitted,
    );
    if (!('value' in items)) return items;
    const parsed: T[] = [];
    const kept = Math.min(items.value.length, LIMITS.listEntries);
    for (let i = 0; i < kept; i++) {
      const item = parse(items.value[i], `${pointer}/${i}`);
      if (item === undefined) return missing('unsupported', `${pointer}/${i} is not ${shape}`, pointer);
      parsed.push(item);
    }
    return kept < items.value.length ? { value: parsed, ref: pointer, truncated: true } : known(parsed, pointer);
  }

  /** An object whose values are parsed one by one; null is the empty object. */
  record<T>(
    key: string,
    shape: string,
    parse: (item: unknown, name: string) => T | undefined,
    whenOmitted?: Readonly<Record<string, T>>,
  ): Fact<Readonly<Record<string, T>>> {
    const pointer = this.pointerTo(key);
    const items = this.fact<Readonly<Record<string, unknown>>>(
      key,
      'an object',
      (value) => (value === null ? {} : isRecord(value) ? value : undefined),
      whenOmitted,
    );
    if (!('value' in items)) return items;
    const names = Object.keys(items.value);
    const parsed: Record<string, T> = Object.create(null) as Record<string, T>;
    for (const name of names.slice(0, LIMITS.listEntries)) {
      const item = parse(items.value[name], name);
      if (item === undefined)
        return missing('unsupported', `${pointer}/${pointerToken(name)} is not ${shape}`, pointer);
      parsed[name] = item;
    }
    return names.length > LIMITS.listEntries
      ? { value: parsed, ref: pointer, truncated: true }
      : known(parsed, pointer);
  }
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LIMITS.text ? value : undefined;
}
