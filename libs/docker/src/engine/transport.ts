import type { Readable } from 'node:stream';
import { errors as undiciErrors, Pool } from 'undici';
import {
  AnswerTooLarge,
  EngineProtocolBroken,
  EngineTlsFailed,
  EngineUnreachable,
  fromStatus,
  fromTransport,
} from '../errors.ts';
import type { EngineEndpoint } from './endpoint.ts';
import { AnswerCut, LimitedAnswer } from './limited-answer.ts';

/** Limits of one request. */
export interface RequestLimits {
  /** From sending to the last byte, ms. */
  readonly timeoutMs: number;
  /** Largest answer that is read, bytes. */
  readonly limitBytes: number;
  /** Gives the request up early. */
  readonly signal?: AbortSignal;
}

/** An answer that goes on until one side ends it. */
export interface OpenStream {
  readonly body: Readable;
  /** Clock of the engine when it answered (HTTP `Date`, whole seconds), epoch ms; absent when it sent none. */
  readonly engineTimeMs?: number;
}

/**
 * GET requests to one engine over kept-alive connections.
 * Every answer has a limit in time and size.
 */
export class EngineTransport implements AsyncDisposable {
  readonly address: string;
  readonly #origin: string;
  readonly #pool: Pool;
  /** TLS without a certificate of ours, and nothing was ever answered: a connection that is cut then was most likely refused for that. */
  #unproven: boolean;

  constructor(endpoint: EngineEndpoint, connections: number) {
    this.address = endpoint.address;
    this.#origin = endpoint.origin;
    this.#unproven = endpoint.origin.startsWith('https:') && endpoint.tls?.cert === undefined;
    this.#pool = new Pool(endpoint.origin, {
      connections,
      // One-shot stats wait for the engine's own tick: a pipelined request behind it would wait too.
      pipelining: 1,
      keepAliveTimeout: 10_000,
      headersTimeout: 0, // each request has its own total deadline
      bodyTimeout: 0,
      connect: {
        timeout: 5_000,
        ...(endpoint.socketPath === undefined ? {} : { socketPath: endpoint.socketPath }),
        ...endpoint.tls,
      },
    });
  }

  /**
   * The whole text of one answer.
   * @throws EngineUnreachable, EngineDenied, EngineTlsFailed, AnswerTooLarge, NoSuchObject, EngineRefused, EngineProtocolBroken; the signal's reason when it was aborted
   */
  async getText(path: string, limits: RequestLimits): Promise<string> {
    const handler = new LimitedAnswer(limits);
    try {
      this.#pool.dispatch({ method: 'GET', path, origin: this.#origin }, handler);
      const { status, text } = await handler.answer;
      this.#unproven = false;
      if (status >= 400) throw fromStatus(this.address, status, text);
      return text;
    } catch (error) {
      limits.signal?.throwIfAborted();
      if (error instanceof AnswerCut && error.reason === 'size')
        throw new AnswerTooLarge(this.address, path, limits.limitBytes);
      if (error instanceof AnswerCut)
        throw new EngineUnreachable(this.address, `no answer to ${path} within ${limits.timeoutMs} ms`, error);
      throw this.#translate(error);
    }
  }

  /** One answer as JSON. @throws as `getText`; EngineProtocolBroken when it is not JSON */
  async getJson(path: string, limits: RequestLimits): Promise<unknown> {
    const text = await this.getText(path, limits);
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new EngineProtocolBroken(this.address, `the answer to ${path} is not JSON`, error);
    }
  }

  /** Opens an answer without an end. The caller owns `body` and must destroy it. */
  async open(path: string, signal: AbortSignal, headersTimeoutMs: number): Promise<OpenStream> {
    const headers = new AbortController();
    const timer = setTimeout(() => headers.abort(), headersTimeoutMs);
    try {
      const answer = await this.#pool.request({
        method: 'GET',
        path,
        origin: this.#origin,
        signal: AbortSignal.any([signal, headers.signal]),
      });
      // A stream that breaks before its owner listens would end the process.
      answer.body.on('error', () => undefined);
      if (answer.statusCode >= 400) throw fromStatus(this.address, answer.statusCode, await firstBytes(answer.body));
      const date = Date.parse(String(answer.headers['date']));
      return { body: answer.body, ...(Number.isNaN(date) ? {} : { engineTimeMs: date }) };
    } catch (error) {
      signal.throwIfAborted();
      if (headers.signal.aborted) {
        throw new EngineUnreachable(this.address, `no answer to ${path} within ${headersTimeoutMs} ms`, error);
      }
      throw this.#translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Cuts what is open and refuses what comes later. Safe to repeat. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#pool.destroyed) await this.#pool.destroy();
  }

  #translate(error: unknown): Error {
    if (error instanceof undiciErrors.ClientDestroyedError || error instanceof undiciErrors.ClientClosedError) {
      return new EngineUnreachable(this.address, 'the connection was closed by us', error);
    }
    // With TLS 1.3 the refusal of a missing client certificate comes after the handshake, and undici reports only that the other side closed.
    if (this.#unproven && error instanceof undiciErrors.SocketError) {
      return new EngineTlsFailed(
        this.address,
        'it cut the connection right after the handshake; it may want a client certificate',
        error,
      );
    }
    return fromTransport(this.address, error);
  }
}

/** The beginning of a refusal: enough for its message. Leaving the loop destroys the rest. */
async function firstBytes(body: Readable): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length > 64 * 1024) break;
  }
  return text;
}
