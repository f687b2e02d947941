import { H, type Kind } from '@seatrial/contracts';
import { headers, nuid, type MsgHdrs } from '@nats-io/transport-node';

/**
 * The headers that the contract asks of every message, set by hand through the client's own interface. The bare side sends them too: the comparison is
 * about the library, not about the bytes on the wire.
 */
export function wireHeaders(contract: { readonly kind: Kind; readonly ceType: string }, source: string): MsgHdrs {
  const id = nuid.next();
  const h = headers();
  h.set(H.specversion, '1.0');
  h.set(H.id, id);
  h.set(H.source, source);
  h.set(H.type, contract.ceType);
  h.set(H.time, new Date().toISOString());
  h.set(H.contentType, 'application/json');
  if (contract.kind === 'rpc') h.set(H.deadline, new Date(Date.now() + 5_000).toISOString());
  else h.set(H.msgId, id);
  return h;
}
