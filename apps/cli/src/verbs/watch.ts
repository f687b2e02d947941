import { renderTable, toJsonText, toNdjsonText, type Paint } from '@seatrial/report';

import type { BusClient, BusMessage } from '../connect/client.ts';
import { inOrder, recordsText, type RecordKind } from '../output/records.ts';
import { toYamlText } from '../output/yaml.ts';
import type { Flags } from '../parse/flags.ts';
import type { Session } from '../session.ts';
import type { Source } from '../sources/source.ts';

/** A terminal is redrawn four times a second at most; the rows are not read more often either. */
const PAUSE_MS = 250;
/** Cursor home and clear: what was drawn before is replaced. */
const REDRAW = '\u001b[H\u001b[J';

/** Rows as data where `-o` wants data; undefined where it wants a table or names. One object instead of a list when `single`. */
export async function dataText<Row>(
  rows: readonly Row[],
  { data }: Source<Row>,
  kind: RecordKind<Row>,
  flags: Flags,
  single: boolean,
): Promise<string | undefined> {
  const format = flags.text('output');
  if (format !== 'json' && format !== 'yaml' && format !== 'ndjson') return undefined;
  const values = inOrder(rows, kind, flags).map(data);
  if (format === 'ndjson') return toNdjsonText(values);
  const [first] = values;
  const whole = single ? first : values;
  return format === 'yaml' ? toYamlText(whole) : `${toJsonText(whole)}\n`;
}

/** Shows the rows and goes on showing what changes until Ctrl-C: a terminal is redrawn, anything else gets one line a change. */
export async function watch<Row>(
  source: Source<Row>,
  bus: BusClient,
  flags: Flags,
  session: Session,
  paint: Paint,
): Promise<number> {
  const changes = new Changes();
  const live = session.outIsTerminal && flags.text('output') !== 'ndjson' && flags.text('output') !== 'name';
  const feeds = [await bus.events({ filters: source.events, since: session.now(), follow: true })];
  if (live && source.ticks !== undefined) feeds.push(await bus.subscribe(source.ticks));
  const ends = feeds.map((feed) => changes.takeFrom(feed));
  const show = live ? redrawn(source, flags, session, paint) : onePerChange(source, flags, session, paint);
  do await show(await source.load(bus));
  while (await changes.next(session.signal));
  await Promise.all(ends);
  return 130;
}

/** Remembers that something changed until it is looked at. */
class Changes {
  #changed = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;

  async takeFrom(feed: AsyncIterable<BusMessage>): Promise<void> {
    try {
      for await (const _ of feed) this.#changed.resolve();
    } catch (error) {
      this.#failure = { error };
      this.#changed.resolve();
    }
  }

  /** Waits for a change, and a moment more for those that come with it; false after Ctrl-C. */
  async next(signal: AbortSignal): Promise<boolean> {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => stop(), { once: true });
    if (!signal.aborted) await Promise.race([stopped, this.#changed.promise]);
    if (this.#failure !== undefined) throw this.#failure.error;
    let timer: NodeJS.Timeout | undefined;
    if (!signal.aborted)
      await Promise.race([stopped, new Promise((resolve) => (timer = setTimeout(resolve, PAUSE_MS)))]);
    clearTimeout(timer);
    stop();
    this.#changed = Promise.withResolvers<void>();
    return !signal.aborted;
  }
}

function redrawn<Row>(
  source: Source<Row>,
  flags: Flags,
  session: Session,
  paint: Paint,
): (rows: readonly Row[]) => Promise<void> {
  return async (rows) => {
    const kind = source.kind(session.now());
    const lines = (await recordsText(rows, kind, flags, session, paint)).split('\n').slice(0, -1);
    const room = session.height - 2;
    const shown =
      lines.length <= room
        ? lines
        : [...lines.slice(0, room - 1), `... and ${lines.length - room + 1} more; a taller window shows them`];
    session.out(
      `${REDRAW}${(shown.length === 0 ? [kind.empty] : shown).join('\n')}\n${paint(`as of ${new Date(session.now()).toTimeString().slice(0, 8)}; Ctrl-C ends`, 'dim')}\n`,
    );
  };
}

/** Prints what is new or different since the last reading, and the names of what is gone. */
function onePerChange<Row>(
  source: Source<Row>,
  flags: Flags,
  session: Session,
  paint: Paint,
): (rows: readonly Row[]) => Promise<void> {
  let before: ReadonlyMap<string, string> | undefined;
  return async (rows) => {
    const kind = source.kind(session.now());
    const now = new Map(rows.map((row) => [kind.name(row), source.state(row)]));
    const changed = rows.filter((row) => before?.get(kind.name(row)) !== now.get(kind.name(row)));
    const gone = [...(before?.keys() ?? [])].filter((name) => !now.has(name));
    const first = before === undefined;
    before = now;
    if (changed.length > 0)
      session.out(
        (await dataText(changed, source, kind, flags, false)) ??
          (await changeText(changed, kind, flags, session, paint, first)),
      );
    for (const name of gone)
      session.out(flags.text('output') === 'ndjson' ? `${toJsonText({ removed: name }, 0)}\n` : `removed  ${name}\n`);
  };
}

/** The heading comes once. */
async function changeText<Row>(
  rows: readonly Row[],
  kind: RecordKind<Row>,
  flags: Flags,
  session: Session,
  paint: Paint,
  first: boolean,
): Promise<string> {
  if (first || flags.text('output') === 'name') return recordsText(rows, kind, flags, session, paint);
  const columns = kind.columns.filter(({ wide }) => flags.text('output') === 'wide' || wide !== true);
  return renderTable(rows, columns, {
    headers: false,
    paint,
    ...(flags.text('output') !== 'wide' && { width: session.width }),
  })
    .map((line) => `${line}\n`)
    .join('');
}
