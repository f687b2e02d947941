import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

import { PERSON_ROLES, type PersonRole } from '@seatrial/contracts';

import { FileInvalid } from '../errors.ts';
import { layoutOf } from '../layout.ts';
import type { Flags } from '../parse/flags.ts';
import { runningPlane } from '../plane/run-state.ts';
import type { Session } from '../session.ts';

/** Where the bus is and as whom to speak to it. */
export interface Connection {
  /** Address of the bus. */
  readonly url: string;
  /** User on the bus. */
  readonly user: string;
  readonly role: PersonRole;
  /** File with the seed of the user; absent: the bus is spoken to without credentials. */
  readonly keyFile?: string;
}

/** The person that `up` makes keys for; may do everything a person may: the least surprise on one's own machine. */
const OWN_ROLE = 'admin';

/** What flags and environment say, else the running plane of this checkout; undefined when neither names a bus. @throws FileInvalid */
export function findConnection(flags: Flags, { env }: Pick<Session, 'env'>): Connection | undefined {
  const layout = layoutOf(env);
  const url = flags.text('bus') ?? env.SEATRIAL_BUS ?? runningPlane(layout.runFile)?.busUrl;
  if (url === undefined) return undefined;
  const keyFile =
    flags.text('creds') ?? env.SEATRIAL_CREDS ?? [join(layout.keys, OWN_ROLE)].find((file) => existsSync(file));
  if (keyFile === undefined) return { url, user: OWN_ROLE, role: OWN_ROLE };
  // The broker knows the key; its name must be told, because it is part of the user's inbox.
  const user = basename(keyFile, extname(keyFile));
  const role = PERSON_ROLES.find((known) => known === user);
  if (role === undefined)
    throw new FileInvalid(keyFile, `a key file is named after its user: ${PERSON_ROLES.join(', ')}`);
  return { url, user, role, keyFile };
}
