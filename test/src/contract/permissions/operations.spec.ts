import { PERSON_ROLES, SERVICES } from '@seatrial/contracts';
import { permissionsOf, type BusUser } from '@seatrial/infra';
import { startBroker, type Broker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectAs, type Client } from './client.ts';
import { operationsOf, type Operation } from './operations.ts';

// `allow_responses` is off: it silently grants acks and flow control, and would hide a right that is missing.
let broker: Broker;
const helpers = new Map<BusUser, Promise<Client>>();
const owner = async (user: BusUser): Promise<Client> => {
  const client = helpers.get(user) ?? connectAs(broker, user);
  helpers.set(user, client);
  return client;
};
beforeAll(async () => {
  broker = await startBroker({ allowResponses: false });
});
afterAll(async () => {
  for (const client of helpers.values()) await (await client)[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

/** Runs an operation as a user on a new connection. Returns the subjects that were refused and the failure, if any. */
async function attempt(
  user: BusUser,
  operation: Operation,
): Promise<{ refused: string[]; failure: string | undefined }> {
  await using client = await connectAs(broker, user);
  const ran = operation.run(client).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  // Who is refused may wait for an answer until his own deadline: the refusal is enough.
  const failure = await Promise.race([ran, client.firstRefusal.then(() => 'refused')]);
  await client.nc.flush();
  return { refused: [...client.refused], failure };
}

describe.each([...SERVICES, ...PERSON_ROLES])('%s', (user) => {
  const operations = operationsOf(user);

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s takes exactly the rights it is given',
    async (_name, operation) => {
      await operation.prepare?.(await owner('provisioner'), owner);
      expect(await attempt(user, operation), 'with all rights').toEqual({ refused: [], failure: undefined });
      for (const right of operation.rights) {
        await broker.reload((other, permissions) =>
          other === user
            ? {
                ...permissions,
                publish: { ...permissions.publish, allow: permissions.publish.allow.filter((r) => r !== right) },
              }
            : permissions,
        );
        await operation.prepare?.(await owner('provisioner'), owner);
        const { refused } = await attempt(user, operation);
        expect(refused.length, `without ${right} something is refused`).toBeGreaterThan(0);
      }
      await broker.reload((_user, permissions) => permissions);
    },
  );

  test('no JetStream right is left that nothing uses', () => {
    const used = new Set(operations.flatMap((operation) => operation.rights));
    const given = permissionsOf(user).publish.filter((right) => right.startsWith('$') && !right.startsWith('$SRV.'));
    expect(given.filter((right) => !used.has(right))).toEqual([]);
    expect(given.length).toBe(new Set(given).size);
  });
});
