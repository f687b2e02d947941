import type { MsgHdrs } from '@nats-io/nats-core';

/**
 * Headers of a message that came. Undefined also where the client refuses to read them: it throws at the look for a line break in a value or a space in a
 * name, which the server takes from any sender. Such a message counts as one without headers, instead of ending whoever looks at it.
 */
export function readableHeaders(message: { readonly headers?: MsgHdrs | undefined }): MsgHdrs | undefined {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}
