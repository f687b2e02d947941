import type { BusMessage } from './client.ts';

/** A message as the bus library gives it, undecoded. */
interface Raw {
  readonly subject: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
  readonly sequence?: number;
  readonly time: Date;
}

/** Messages with their payload parsed; a payload that is no JSON stays text. */
export async function* messagesOf(raw: AsyncIterable<Raw>): AsyncGenerator<BusMessage> {
  for await (const { subject, headers, data, sequence, time } of raw) {
    yield {
      subject,
      headers: Object.fromEntries(headers),
      data: parsed(data),
      at: time.getTime(),
      ...(sequence !== undefined && { sequence }),
    };
  }
}

function parsed(data: Uint8Array): unknown {
  const text = new TextDecoder().decode(data);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Starts to read before anybody asks for a message, and waits until the server knows of it: what is sent after this is seen. */
export async function listening(
  messages: AsyncGenerator<BusMessage>,
  flushed: () => Promise<void>,
): Promise<AsyncGenerator<BusMessage>> {
  const first = messages.next();
  // The reader gets the error; it must not end the process before.
  first.catch(() => {});
  await flushed();
  return (async function* () {
    const { value, done } = await first;
    if (done === true) return;
    yield value;
    yield* messages;
  })();
}
