import { MAX_BODY_BYTES } from '@seatrial/contracts';

import { TooMuchAsked } from '../errors.ts';

/** The reply, unless it is larger than a message may be. @param what words for what it holds @throws TooMuchAsked */
export function fitting<R>(what: string, reply: R): R {
  if (Buffer.byteLength(JSON.stringify(reply)) > MAX_BODY_BYTES) throw new TooMuchAsked(what);
  return reply;
}
