import { z } from 'zod';

import { defineBucket, defineLeaseBucket } from '../define/bucket.ts';
import { resourceFields, TargetState } from './model.ts';

/** One record a resource; key `<target>.<kind>.<native id>`, bytes outside `[A-Za-z0-9_-]` as `=XX`. */
export const Inventory = defineBucket({
  name: 'inventory',
  owner: 'collector',
  consumers: ['isolation-auditor'],
  history: 1,
  keyDoc: '<target>.<kind>.<native id, unsafe bytes as =XX>',
  value: resourceFields,
  doc: 'The inventory. Written only when the digest of a record changes; at most 16 kB a record.',
});

/** Where a restarted collector continues the event stream of a target. */
export const Watermarks = defineBucket({
  name: 'watermarks',
  owner: 'collector',
  history: 1,
  keyDoc: '<target>.<loop>',
  value: {
    /** Source time of the newest event that was published, `seconds.nanoseconds`. */
    eventSince: z.string().max(64).exactOptional(),
    /** Id of that event: a stream that starts at its time gives it once more. */
    eventId: z.string().max(200).exactOptional(),
    updatedAt: z.iso.datetime(),
  },
  doc: 'Position in each source’s event stream.',
});

/** State of every target, written by whoever polls it. */
export const TargetStates = defineBucket({
  name: 'target-states',
  owner: 'collector',
  history: 1,
  keyDoc: '<target>',
  value: TargetState.shape,
  doc: 'Health, version and counts of every target, so that any replica can answer for all of them.',
});

/** Who polls a target. */
export const CollectorLeases = defineLeaseBucket({
  name: 'collector-leases',
  owner: 'collector',
  ttlMs: 15_000,
  doc: 'Right to poll a target, or to lead the frames (`frame`).',
});
