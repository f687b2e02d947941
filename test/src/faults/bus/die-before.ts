import { Socket } from 'node:net';

/**
 * Kills this process (SIGKILL) at the moment when it is about to send bytes that hold `text`: nothing of that write reaches the server. So a test names
 * the exact step that a process did not take, on the wire, whatever the code above it looks like.
 */
export function dieBefore(text: string): void {
  // eslint-disable-next-line typescript/unbound-method -- called with the socket below
  const write = Socket.prototype.write;
  Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>): boolean {
    const chunk: unknown = args[0];
    const bytes =
      typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
    if (bytes.includes(text)) process.kill(process.pid, 'SIGKILL');
    return Reflect.apply(write, this, args) as boolean;
  } as Socket['write'];
}
