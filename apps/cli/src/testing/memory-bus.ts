import type { CommandSettled } from '@seatrial/contracts';

import type { BusClient, BusMessage } from '../connect/client.ts';

/** A bus in memory: answers are given by type, messages are put in by the test. */
export interface MemoryBus extends BusClient {
  /** Types of the questions that were asked, in order. */ readonly asked: string[];
  /** Gives a message to everybody who listens. */
  put(message: Partial<BusMessage>): void;
  /** Ends all subscriptions. */
  end(): void;
}

/** @param answers what each query answers, by type; a function is called with its payload */
export function memoryBus(
  answers: Readonly<Record<string, (data: never) => unknown>>,
  settle: () => Partial<CommandSettled> = () => ({}),
): MemoryBus {
  const asked: string[] = [];
  const feeds: Feed[] = [];
  const listen = async (): Promise<AsyncIterable<BusMessage>> => {
    const feed = new Feed();
    feeds.push(feed);
    return feed;
  };
  return {
    url: 'nats://memory',
    user: 'tester',
    asked,
    ask: async (query, data) => {
      asked.push(query.type);
      const answer = answers[query.type];
      if (answer === undefined) throw new Error(`nobody answers ${query.type}`);
      return answer(data as never) as never;
    },
    command: async (contract) => {
      asked.push(contract.type);
      const settled = {
        commandId: 'c1',
        type: contract.type,
        outcome: 'accepted',
        settledAt: new Date(0).toISOString(),
        deliveries: 1,
      } as const;
      return { id: 'c1', settled: Promise.resolve({ ...settled, ...settle() }) };
    },
    publish: async () => 'p1',
    subscribe: listen,
    events: listen,
    deadLetters: async () => [],
    deadLetter: () => Promise.reject(new Error('none')),
    put: (message) => {
      for (const feed of feeds) feed.put({ subject: 's', headers: {}, data: {}, at: 0, ...message });
    },
    end: () => {
      for (const feed of feeds) feed.end();
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Messages that come one after another until the end. */
class Feed implements AsyncIterable<BusMessage> {
  readonly #waiting: BusMessage[] = [];
  #ended = false;
  #woken = Promise.withResolvers<void>();

  put(message: BusMessage): void {
    this.#waiting.push(message);
    this.#woken.resolve();
  }

  end(): void {
    this.#ended = true;
    this.#woken.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BusMessage> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) yield message;
      else if (this.#ended) return;
      else {
        await this.#woken.promise;
        this.#woken = Promise.withResolvers<void>();
      }
    }
  }
}
