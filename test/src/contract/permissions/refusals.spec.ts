import { BUS_USERS } from '@seatrial/infra';
import { startBroker, type Broker } from '@seatrial/testing';
import { connect, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectAs } from './client.ts';
import { PUBLISH, SUBSCRIBE } from './rules.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ allowResponses: false });
});
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
});

describe.each(BUS_USERS)('%s', (user) => {
  test('may publish what the role table says and nothing else', async () => {
    await using client = await connectAs(broker, user);
    const wrong: string[] = [];
    for (const rule of PUBLISH) {
      const may = rule.may(user);
      // Ending or emptying streams for real would spoil the broker for the others.
      const body = rule.subject.startsWith('$JS.API.') ? 'not json' : '{}';
      if (rule.subject.startsWith('$JS.API.STREAM.DELETE') && may) continue;
      if (rule.subject.startsWith('$JS.API.STREAM.PURGE') && may) continue;
      if ((await client.mayPublish(rule.subject, undefined, body)) !== may)
        wrong.push(`${rule.subject} should be ${may ? 'allowed' : 'refused'}`);
    }
    expect(wrong).toEqual([]);
  });

  test('may subscribe to what the role table says and nothing else', async () => {
    await using client = await connectAs(broker, user);
    const wrong: string[] = [];
    for (const rule of SUBSCRIBE) {
      const may = rule.may(user);
      if ((await client.maySubscribe(rule.subject)) !== may)
        wrong.push(`${rule.subject} should be ${may ? 'allowed' : 'refused'}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('nobody without a key, and nobody with a foreign key, gets in', async () => {
  await expect(connect({ servers: broker.url, reconnect: false })).rejects.toThrow(/authorization/i);
  const stranger = nkeys.createUser();
  await expect(
    connect({ servers: broker.url, reconnect: false, authenticator: nkeyAuthenticator(stranger.getSeed()) }),
  ).rejects.toThrow(/authorization/i);
});
