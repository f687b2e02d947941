/** What a verb may touch of the terminal and the process. Everything a person or a script sees goes through here, so tests can hold it. */
export interface Io {
  /** Results only. Text is written as it is; the caller ends its lines. */
  readonly out: (text: string) => void;
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person looks at stderr: one line may be redrawn. */
  readonly errIsTerminal: boolean;
  /** A person looks at stdout. */
  readonly outIsTerminal: boolean;
  /** A person can answer: stdin and stderr are a terminal. */
  readonly canAsk: boolean;
}

/** The terminal and environment of this process. */
export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    errIsTerminal: process.stderr.isTTY,
    outIsTerminal: process.stdout.isTTY,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
  };
}
