import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a child process is started with. */
export interface SpawnNodeOptions {
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Arguments of node itself, e.g. `--import`. */
  readonly nodeArgs?: readonly string[];
  /** The whole environment besides PATH, HOME and TMPDIR: a test says what its child sees. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process of a test; killed when the block ends. */
export interface NodeProcess extends AsyncDisposable {
  readonly pid: number;
  /** First line of its standard output that is a JSON object with `ready`. Rejects, with what it wrote, when it ends before. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  /** Lines of its standard output so far. */
  readonly lines: readonly string[];
  /** Its standard error so far. */
  errorText(): string;
  /** Everything it wrote so far. */
  text(): string;
  /** Sends a line to its standard input. */
  say(line: string): void;
  /** The first line, written already or yet to come, that fits. Rejects when it ends without one. */
  line(fits: (line: string) => boolean): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<Exit>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<Exit>;
}

/** Starts a compiled script with the Node that runs the test. */
export function spawnNode(script: string, options: SpawnNodeOptions = {}): NodeProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), script, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  let over: Exit | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // A child that is gone does not read what is still said to it.
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const exited = new Promise<Exit>((done) => {
    // `close`, not `exit`: everything it wrote has been read then.
    child.once('close', (code, signal) => {
      over = { code, signal };
      done(over);
      for (const look of waiting) look();
    });
  });
  const text = (): string => [...lines, errors].join('\n');

  const line = async (fits: (line: string) => boolean): Promise<string> =>
    new Promise((done, fail) => {
      const look = (): void => {
        const found = lines.find(fits);
        if (found === undefined && over === undefined) return;
        waiting.delete(look);
        if (found === undefined)
          fail(new Error(`${script} ended (${over?.signal ?? over?.code}) without that line:\n${text()}`));
        else done(found);
      };
      waiting.add(look);
      look();
    });
  const end = (signal: NodeJS.Signals) => async (): Promise<Exit> => {
    if (over === undefined) child.kill(signal);
    return exited;
  };
  const ready = line((candidate) => readyLine(candidate) !== undefined).then((found) => readyLine(found) ?? {});
  // A test that never asks must not fail with an unhandled rejection.
  ready.catch(() => {});

  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    get running() {
      return over === undefined;
    },
    lines,
    errorText: () => errors,
    text,
    say: (words) => void child.stdin.write(`${words}\n`),
    line,
    signal: (signal) => void child.kill(signal),
    kill: end('SIGKILL'),
    stop: end('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL')();
    },
  };
}

function readyLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return 'ready' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
