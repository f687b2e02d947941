import { H } from '@seatrial/contracts';
import { MsgHdrsImpl, type MsgHdrs } from '@nats-io/nats-core';

import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';
import { NO_MESSAGE, streamApi, StreamApiError } from '../read/api.ts';

/** Header of a write that is no value (ADR-8 of NATS). */
export const OPERATION = 'KV-Operation';

/** The message that stands under a key. */
export interface LastMessage {
  readonly operation: 'put' | 'delete';
  /** `Nats-Msg-Id` of the write; empty for one of another client. */
  readonly id: string;
  readonly data: Uint8Array;
  readonly revision: number;
  readonly created: Date;
}

interface Reply {
  readonly message: { readonly seq: number; readonly hdrs?: string; readonly data?: string; readonly time: string };
}

/** Reads what stands under a key of a bucket; undefined when nothing ever did, or its age has passed. @throws see `streamApi` */
export async function lastMessage(
  connection: Connection,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<LastMessage | undefined> {
  const subject = `$KV.${bucket}.${key}`;
  try {
    const { message } = await streamApi<Reply>(
      connection,
      `STREAM.MSG.GET.KV_${bucket}`,
      { last_by_subj: subject },
      { what: `bucket ${bucket}`, subject, signal },
    );
    const { hdrs } = message;
    const headers =
      hdrs === undefined
        ? undefined
        : readableHeaders({
            get headers() {
              return MsgHdrsImpl.decode(Buffer.from(hdrs, 'base64'));
            },
          });
    return {
      operation: operationOf(headers),
      id: headers?.get(H.msgId) ?? '',
      data: Buffer.from(message.data ?? '', 'base64'),
      revision: message.seq,
      created: new Date(message.time),
    };
  } catch (error) {
    if (error instanceof StreamApiError && error.errCode === NO_MESSAGE) return undefined;
    throw error;
  }
}

/** A delete leaves a mark; so does the server where a value expires and marks are on. */
export function operationOf(headers: MsgHdrs | undefined): 'put' | 'delete' {
  if (headers === undefined) return 'put';
  const operation = headers.get(OPERATION);
  return operation === 'DEL' || operation === 'PURGE' || headers.has('Nats-Marker-Reason') ? 'delete' : 'put';
}
