import type { Session } from '../session.ts';

/** A session whose output can be read. The clock is that of the process unless it is given. */
export function testSession(changes: Partial<Session> = {}): {
  session: Session;
  stdout: () => string;
  stderr: () => string;
} {
  const written = { out: '', err: '' };
  const session: Session = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env: {},
    errIsTerminal: false,
    outIsTerminal: false,
    canAsk: false,
    width: 80,
    height: 24,
    errWidth: 80,
    now: () => Date.now(),
    signal: new AbortController().signal,
    readInput: async () => '',
    ...changes,
  };
  return { session, stdout: () => written.out, stderr: () => written.err };
}
