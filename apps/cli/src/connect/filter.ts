import type { BusMessage } from './client.ts';

/** True when a subject fits a filter of the bus: `*` stands for one token, `>` for all that follow. */
export function fits(subject: string, filter: string): boolean {
  const tokens = subject.split('.');
  const wanted = filter.split('.');
  for (const [at, token] of wanted.entries()) {
    if (token === '>') return tokens.length > at;
    if (token !== '*' && token !== tokens[at]) return false;
  }
  return tokens.length === wanted.length;
}

/** The messages whose subject fits one of the filters. */
export async function* matchesAny(
  messages: AsyncIterable<BusMessage>,
  filters: readonly string[],
): AsyncGenerator<BusMessage> {
  for await (const message of messages) {
    if (filters.some((filter) => fits(message.subject, filter))) yield message;
  }
}
