import { createConnection } from 'node:net';
import type { BusUser } from '@seatrial/infra';
import type { Broker } from '@seatrial/testing';
import { nkeys } from '@nats-io/transport-node';

/**
 * Publishes one message with header lines as they are given, over a bare socket: any program with a key can send what our client refuses to write. Resolves
 * when the server has taken it.
 */
export async function sendRaw(
  broker: Broker,
  user: BusUser,
  message: {
    readonly subject: string;
    readonly reply?: string;
    readonly headerLines: readonly string[];
    readonly body: string;
  },
): Promise<void> {
  const { hostname, port } = new URL(broker.url);
  const socket = createConnection(Number(port), hostname).setEncoding('utf8');
  try {
    const lines = linesOf(socket);
    const { nonce } = JSON.parse((await lines('INFO ')).slice('INFO '.length)) as { nonce: string };
    const key = nkeys.fromSeed(Buffer.from(broker.seed(user)));
    const sig = Buffer.from(key.sign(Buffer.from(nonce))).toString('base64url');
    const login = { verbose: false, pedantic: false, headers: true, nkey: key.getPublicKey(), sig, protocol: 1 };
    const head = Buffer.from(`NATS/1.0\r\n${message.headerLines.join('\r\n')}\r\n\r\n`);
    const body = Buffer.from(message.body);
    const sizes = `${head.length} ${head.length + body.length}`;
    const to = [message.subject, ...(message.reply === undefined ? [] : [message.reply])].join(' ');
    socket.write(`CONNECT ${JSON.stringify(login)}\r\nHPUB ${to} ${sizes}\r\n`);
    socket.write(Buffer.concat([head, body, Buffer.from('\r\nPING\r\n')]));
    await lines('PONG');
  } finally {
    socket.destroy();
  }
}

/** Waits for a line that begins with a text; rejects at an error of the server. */
function linesOf(socket: ReturnType<typeof createConnection>): (start: string) => Promise<string> {
  const stream = socket[Symbol.asyncIterator]() as AsyncIterator<string>;
  let rest = '';
  return async (start) => {
    for (;;) {
      const end = rest.indexOf('\r\n');
      if (end < 0) {
        const { value, done } = await stream.next();
        if (done === true) throw new Error(`the server closed the connection before ${start}`);
        rest += value;
        continue;
      }
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (line.startsWith('-ERR')) throw new Error(line);
      if (line.startsWith(start)) return line;
    }
  };
}
