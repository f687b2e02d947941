import { expect, test } from 'vitest';

import { BUS_USERS, inboxOf, permissionsOf } from './permissions.ts';
import { ALL_STREAM_PLANS } from './streams.ts';

/** Whether every subject of `right` is one of `wider`. */
function covers(wider: string, right: string): boolean {
  const [a, b] = [wider.split('.'), right.split('.')];
  for (const [i, token] of a.entries()) {
    if (token === '>') return b.length > i;
    if (b[i] === undefined || (token !== '*' && token !== b[i])) return false;
  }
  return a.length === b.length;
}

test.each(BUS_USERS)('%s has no right twice and none inside another', (user) => {
  for (const list of [permissionsOf(user).publish, permissionsOf(user).subscribe]) {
    const redundant = list.filter((right, i) => list.some((other, j) => i !== j && covers(other, right)));
    expect(redundant).toEqual([]);
  }
});

test('nobody is granted DIRECT.GET, a whole stream, or another inbox', () => {
  for (const user of BUS_USERS) {
    const { publish, subscribe, denyPublish } = permissionsOf(user);
    const reach = (subject: string): boolean =>
      publish.some((right) => covers(right, subject)) && !(denyPublish ?? []).some((right) => covers(right, subject));
    for (const { name } of ALL_STREAM_PLANS) {
      expect({ user, name, direct: reach(`$JS.API.DIRECT.GET.${name}`) }).toEqual({ user, name, direct: false });
      expect({ user, name, next: reach(`$JS.API.CONSUMER.MSG.NEXT.${name}.foreign`) }).toEqual({
        user,
        name,
        next: false,
      });
    }
    const inboxes = BUS_USERS.filter((other) => subscribe.some((right) => covers(right, inboxOf(other))));
    expect(inboxes).toEqual([user]);
  }
});

test('no user is the prefix of another: an inbox pattern takes whole tokens', () => {
  expect(new Set(BUS_USERS.map(inboxOf)).size).toBe(BUS_USERS.length);
  for (const user of BUS_USERS) expect(user).toMatch(/^[a-z][a-z-]*$/);
});
