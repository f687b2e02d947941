/** How one check came out. */
export interface CheckResult {
  readonly id: string;
  /** `warn`: it works, or only a part of it does not. `fail`: `up` or `scan` will not. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found, one sentence. */
  readonly detail: string;
  /** The exact line to type, or one sentence what to do; only with warn and fail. */
  readonly fix?: string;
}

/** What was looked at and could not be read, with the reason. */
export interface Unread {
  readonly unread: string;
}

/** Tells a value from the reason why there is none. */
export function isUnread(fact: unknown): fact is Unread {
  return typeof fact === 'object' && fact !== null && 'unread' in fact;
}

export const ok = (id: string, detail: string): CheckResult => ({ id, status: 'ok', detail });
export const warn = (id: string, detail: string, fix: string): CheckResult => ({ id, status: 'warn', detail, fix });
export const fail = (id: string, detail: string, fix: string): CheckResult => ({ id, status: 'fail', detail, fix });
