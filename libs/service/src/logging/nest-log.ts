import type { LoggerService } from '@nestjs/common';

import type { ServiceLog } from './service-log.ts';

/** Nest's own messages in our log: what it calls a log is detail to us. */
export class NestLog implements LoggerService {
  readonly #log: ServiceLog;

  constructor(log: ServiceLog) {
    this.#log = log;
  }

  log(message: unknown, context?: unknown): void {
    this.#log.debug({ context }, textOf(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.#log.debug({ context }, textOf(message));
  }

  verbose(message: unknown, context?: unknown): void {
    this.#log.debug({ context }, textOf(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.#log.warn({ context }, textOf(message));
  }

  /** Nest gives the error as message, or its text with the stack as the first of `rest`. */
  error(message: unknown, ...rest: unknown[]): void {
    this.#log.error(
      message instanceof Error ? { err: message } : { stack: rest[0], context: rest[1] },
      textOf(message),
    );
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
