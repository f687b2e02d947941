import { keyToken, STANDARD, type CommandContract, type CommandSettled, type SomeContract } from '@seatrial/contracts';

import type { Connection } from '../connection/connection.ts';
import { DeadlinePassed } from '../errors.ts';
import { liveMessages } from '../read/live.ts';
import { idOf, publish, type PublishOptions } from './publish.ts';

/** How a command is sent whose end is awaited. */
export interface ExecuteOptions extends PublishOptions {
  /** Time for everything: to store it and to have it settled, ms. @default 30_000 */ readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends a command and waits for its `command-settled`. Listens before it sends, so an answer cannot be missed.
 * @throws DeadlinePassed when it is not settled in time (it may still be), the reason of the signal, and what `publish` throws
 */
export async function execute<D>(
  connection: Connection,
  contract: CommandContract<D>,
  data: D,
  options: ExecuteOptions = {},
): Promise<CommandSettled> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const id = idOf(contract as unknown as SomeContract, options);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  const { settled } = STANDARD[contract.domain];
  const late = (): DeadlinePassed => new DeadlinePassed(`command ${contract.type} ${id} was not settled`, timeoutMs);
  const done = new AbortController();
  const answers = liveMessages(connection, settled as unknown as SomeContract, `${settled.subject}.${keyToken(id)}`, {
    signal: AbortSignal.any([signal, done.signal]),
  })[Symbol.asyncIterator]();
  try {
    const answer = answers.next();
    // A refused subscription shows when it is awaited; until then it must not end the process.
    answer.catch(() => undefined);
    try {
      await publish(connection, contract, data, { ...options, id, deadlineMs: timeoutMs, signal });
    } catch (error) {
      throw deadline.aborted && error === deadline.reason ? late() : error;
    }
    const first = await answer;
    if (first.done === true) {
      options.signal?.throwIfAborted();
      connection.closing.throwIfAborted();
      throw late();
    }
    return first.value.data as CommandSettled;
  } finally {
    done.abort();
    await answers.return?.();
  }
}
