import { expect, test } from 'vitest';

import { openArchive } from '../open-archive.ts';

/** Each as a person writes it who does not know that passwords are escaped in addresses. */
test.each(['bob:se/cret@h', 'bob:se@cret@h', 'bob:se?cret@h', 'bob:se:cret@h', 'bob:cret@h:port'])(
  'the address mongodb://%s is refused, and its password is nowhere in the error',
  async (authority) => {
    const error: unknown = await openArchive(`mongodb://${authority}/db`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E-ARCHIVE-INVALID', retryable: false });
    expect((error as Error).cause).toBeUndefined();
    expect((error as Error).message).not.toMatch(/cret|bob/);
  },
);
