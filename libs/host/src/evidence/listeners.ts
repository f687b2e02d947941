import { endianness } from 'node:os';
import { type Reading, readingOf } from '../kernel-files/reading.ts';
import { compileHostRoots, type HostRootOptions } from '../roots.ts';

/** A socket that waits for connections in the network namespace of a process. */
export interface TcpListener {
  /** `0.0.0.0`, `::`, `127.0.0.1`, ... */
  readonly address: string;
  readonly port: number;
}

export interface ListenerEvidence {
  readonly tcp: Reading<readonly TcpListener[]>;
  readonly tcp6: Reading<readonly TcpListener[]>;
  /** Paths of listening unix sockets; abstract ones begin with `@`. */
  readonly unix: Reading<readonly string[]>;
}

/** Reads who listens in the network namespace of a process. Some ms for a busy host: only where a check asks for it. Source: proc_pid_net(5). */
export function readListeners(pid: number, options: HostRootOptions = {}): ListenerEvidence {
  const { proc } = compileHostRoots(options);
  const of = <T>(file: string, parse: (text: string) => T | undefined): Reading<T> =>
    readingOf(`${proc}/${pid}/net/${file}`, `/proc/${pid}/net/${file}`, parse);
  return {
    tcp: of('tcp', parseTcpListeners),
    tcp6: of('tcp6', parseTcpListeners),
    unix: of('unix', parseUnixListeners),
  };
}

/** State of a listening socket in the table (TCP_LISTEN). */
const LISTEN = '0A';

/** Reads `/proc/<pid>/net/tcp` or `tcp6`; undefined when the head is missing. */
export function parseTcpListeners(text: string): TcpListener[] | undefined {
  const [head = '', ...lines] = text.split('\n');
  if (!head.includes('local_address')) return undefined;
  return lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local);
    if (state !== LISTEN || match?.[1] === undefined || match[2] === undefined) return [];
    return [{ address: addressOf(match[1]), port: Number.parseInt(match[2], 16) }];
  });
}

/** Flag of a socket that accepts connections (__SO_ACCEPTCON). */
const ACCEPTS = 0x10000;

/** Reads `/proc/<pid>/net/unix`; undefined when the head is missing. */
export function parseUnixListeners(text: string): string[] | undefined {
  const [head = '', ...lines] = text.split('\n');
  if (!head.startsWith('Num')) return undefined;
  return lines.flatMap((line) => {
    const match = /^\S+ \S+ \S+ ([0-9A-F]{8}) \S+ \S+ +\d+ (.+)$/.exec(line);
    return match?.[1] !== undefined && match[2] !== undefined && (Number.parseInt(match[1], 16) & ACCEPTS) !== 0
      ? [match[2]]
      : [];
  });
}

/** The kernel prints an address as 32-bit words in the byte order of the machine. */
function addressOf(hex: string): string {
  const bytes = [...Buffer.from(hex, 'hex')];
  const ordered = endianness() === 'BE' ? bytes : bytes.map((_, i) => bytes[i - (i % 4) + 3 - (i % 4)] ?? 0);
  if (ordered.length === 4) return ordered.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((ordered[i * 2] ?? 0) << 8) | (ordered[i * 2 + 1] ?? 0));
  // URL writes IPv6 addresses in their canonical short form.
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}
