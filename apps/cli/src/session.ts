import type { Io } from './io.ts';

/** `Io` and what a verb needs besides: the size of the terminal, the clock, and whether the person wants to stop. */
export interface Session extends Io {
  /** Columns a line of stdout may take: those of the terminal, else 80. */
  readonly width: number;
  /** Lines of the terminal; 24 when there is none. */
  readonly height: number;
  /** Columns of stderr. */
  readonly errWidth: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
}

const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

/** Adds this process's terminal and clock. */
export function processSession(io: Io, signal: AbortSignal): Session {
  return {
    ...io,
    width: io.outIsTerminal ? (process.stdout.columns ?? DEFAULT_WIDTH) : DEFAULT_WIDTH,
    height: io.outIsTerminal ? (process.stdout.rows ?? DEFAULT_HEIGHT) : DEFAULT_HEIGHT,
    errWidth: io.errIsTerminal ? (process.stderr.columns ?? DEFAULT_WIDTH) : DEFAULT_WIDTH,
    now: Date.now,
    signal,
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
