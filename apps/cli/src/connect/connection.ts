import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { layoutOf } from '../layout.ts';
import type { Flags } from '../parse/flags.ts';
import { runningPlane } from '../plane/run-state.ts';
import type { Session } from '../session.ts';

/** Where the bus is and as whom to speak to it. */
export interface Connection {
  /** Address of the bus. */
  readonly url: string;
  /** Key file of the user; absent: the bus is spoken to without credentials. */
  readonly keyFile?: string;
}

/** The person that `up` makes keys for; may do everything a person may, so the least surprise on one's own machine. */
const OWN_USER = 'admin';

/** What flags and environment say, else the running plane of this checkout; undefined when neither names a bus. */
export function findConnection(flags: Flags, { env }: Pick<Session, 'env'>): Connection | undefined {
  const layout = layoutOf(env);
  const url = flags.text('bus') ?? env.SEATRIAL_BUS ?? runningPlane(layout.runFile)?.busUrl;
  if (url === undefined) return undefined;
  const named = flags.text('creds') ?? env.SEATRIAL_CREDS;
  const own = join(layout.keys, OWN_USER);
  const keyFile = named ?? (existsSync(own) ? own : undefined);
  return { url, ...(keyFile !== undefined && { keyFile }) };
}
