/** Something that happened on an engine. */
export interface EngineEvent {
  /** container, image, network, volume, daemon, ... */
  readonly type: string;
  /** The engine's own word: `start`, `die`, `oom`, `exec_start`, `health_status`, ... without what follows a colon. */
  readonly action: string;
  /** What follows the colon, e.g. `healthy`; for `exec_create` and `exec_start` the command line, which may hold secrets: do not store it. */
  readonly detail?: string;
  /** Id of the object concerned. */
  readonly actorId: string;
  /** Labels of the object and facts of the event (`name`, `image`, `exitCode`, `execID`, `signal`, ...). */
  readonly attributes: Readonly<Record<string, string>>;
  /** When, on the engine's clock, in nanoseconds since 1970. */
  readonly timeNano: bigint;
  /** The same in epoch ms, fraction kept. */
  readonly atMs: number;
}

/**
 * Reads one line of the event stream; undefined when it is not an event. `timeNano` is taken from the text: it is larger than 2^53 and `JSON.parse` would round it,
 * so that a replay from there loses or repeats events.
 */
export function parseEvent(line: string): EngineEvent | undefined {
  // Inside a string the quotes are escaped and label values are strings, so this matches the number of the engine only.
  const digits = /"timeNano":\s*(\d{1,19})\b/.exec(line)?.[1];
  if (digits === undefined) return undefined;
  const message = parseObject(line);
  const actor = message?.['Actor'];
  const action = message?.['Action'];
  if (typeof message?.['Type'] !== 'string' || typeof action !== 'string' || !isObject(actor)) return undefined;
  const colon = action.indexOf(':');
  const timeNano = BigInt(digits);
  return {
    type: message['Type'],
    action: colon < 0 ? action : action.slice(0, colon),
    ...(colon < 0 ? {} : { detail: action.slice(colon + 1).trim() }),
    actorId: typeof actor['ID'] === 'string' ? actor['ID'] : '',
    attributes: stringsOf(actor['Attributes']),
    timeNano,
    atMs: Number(timeNano / 1_000n) / 1000,
  };
}

/** The text the engine takes as `since`: seconds, a dot, nine digits. */
export function sinceText(timeNano: bigint): string {
  return `${timeNano / 1_000_000_000n}.${(timeNano % 1_000_000_000n).toString().padStart(9, '0')}`;
}

/** Reads `sinceText` back, or whole seconds. @throws SyntaxError when it is neither */
export function parseSince(text: string): bigint {
  const match = /^(\d{1,11})(?:\.(\d{1,9}))?$/.exec(text);
  if (match?.[1] === undefined) throw new SyntaxError(`${JSON.stringify(text)} is not a position in an event stream`);
  return BigInt(match[1]) * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function stringsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
