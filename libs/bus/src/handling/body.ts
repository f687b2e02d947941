import { SeatrialError, type SomeContract } from '@seatrial/contracts';

import { decodeBody } from '../codec/decode.ts';
import { validatorsOf } from '../codec/validators.ts';

/**
 * Payload of a query or of a dead letter, in the consumer's form. Their headers are not those of a stored message, so they are not looked at: any client
 * may ask with a bare `nats req`.
 * @throws SeatrialError `E-CONTRACT-PAYLOAD`, `E-BUS-PAYLOAD-TOO-LARGE`
 */
export function bodyOf(contract: SomeContract, data: Uint8Array): unknown {
  const body = decodeBody(contract.type, data, validatorsOf(contract));
  if (body.ok) return body.data;
  throw new SeatrialError(body.message, { code: body.code });
}
