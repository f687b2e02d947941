import { BusConfigError } from '../errors.ts';

/** Throws unless `key` may be a key: tokens of `[A-Za-z0-9_=/-]`, joined by single dots, 1 to 256 characters. */
export function assertKey(key: string): void {
  if (key.length > 256 || !/^[\w=/-]+(\.[\w=/-]+)*$/.test(key))
    throw new BusConfigError(
      'key',
      `"${key.slice(0, 80)}" is no key: tokens of [A-Za-z0-9_=/-] joined by dots, at most 256 characters`,
    );
}

/** Throws unless `filter` is a key in which tokens may be `*` and the last one `>`. */
export function assertFilter(filter: string): void {
  if (filter.length > 256 || !/^(?:(?:\*|[\w=/-]+)\.)*(?:\*|>|[\w=/-]+)$/.test(filter))
    throw new BusConfigError('filter', `"${filter.slice(0, 80)}" is no filter of keys`);
}
