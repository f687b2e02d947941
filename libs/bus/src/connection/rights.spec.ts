import { expect, test } from 'vitest';

import { mayPublish, mayRead } from './rights.ts';

test.each([
  ['seatrial.cmd.v1.isolation.audit-start.a1', 'role operator, admin'],
  ['seatrial.rpc.v1.estate.targets-list', 'role viewer, operator, admin and service isolation-auditor'],
  ['seatrial.evt.v1.isolation.finding.open.high.dkr', 'service isolation-auditor'],
  ['seatrial.met.v1.estate.frame.estate', 'service collector'],
  ['$JS.API.STREAM.DELETE.EVT', 'nobody outside the owner'],
])('who may publish to %s', (subject, who) => {
  expect(mayPublish(subject)).toBe(who);
});

test.each([
  ['seatrial.evt.v1.isolation.finding.>', 'service isolation-auditor and role viewer, operator, admin'],
  ['seatrial.met.v1.estate.frame.estate', 'service collector and role viewer, operator, admin'],
  ['seatrial.met.v1.estate.sample.>', 'service collector and role admin'],
  ['seatrial.evt.>', 'role viewer, operator, admin'],
  ['seatrial.dlq.>', 'role admin'],
  ['seatrial.cmd.>', 'role admin'],
  ['_INBOX_collector.>', 'its owner'],
])('who may read %s', (subject, who) => {
  expect(mayRead(subject)).toBe(who);
});
