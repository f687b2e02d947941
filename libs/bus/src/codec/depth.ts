/**
 * True when a JSON value nests deeper than `limit`. Walks level by level, without recursion, so that a hostile payload cannot exhaust the stack. An
 * array of numbers costs one type test an element.
 */
export function depthExceeds(value: unknown, limit: number): boolean {
  let level: object[] = isContainer(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true;
    const next: object[] = [];
    for (const container of level) {
      if (Array.isArray(container)) {
        for (const item of container as unknown[]) if (isContainer(item)) next.push(item);
      } else {
        for (const key in container) {
          const item = (container as Record<string, unknown>)[key];
          if (isContainer(item)) next.push(item);
        }
      }
    }
    level = next;
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
