const traces = new WeakMap<object, string>();

/** Notes in which trace an error happened, so that its report can name it. */
export function noteTrace(error: unknown, traceId: string | undefined): void {
  if (typeof error === 'object' && error !== null && traceId !== undefined) traces.set(error, traceId);
}

/** The trace in which an error happened, if one was recorded. */
export function traceIdOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? traces.get(error) : undefined;
}
