import type { ResourceChange, ResourceKind } from '@seatrial/contracts';

/** A change that was written. */
export interface Told {
  readonly kind: ResourceKind;
  readonly change: ResourceChange;
}

/** Changes of one message. */
const MAX_CHANGES = 100;
/** Room for the changes of one message below the 256 KiB of the bus. */
const MAX_BYTES = 200 * 1024;

/** Groups changes into messages: one kind each, at most 100 changes, small enough for the bus; order within a kind is kept. */
export function* messagesOf(told: readonly Told[]): Generator<{ kind: ResourceKind; changes: ResourceChange[] }> {
  for (const [kind, ofKind] of Map.groupBy(told, (each) => each.kind)) {
    let changes: ResourceChange[] = [];
    let bytes = 0;
    for (const { change } of ofKind) {
      const size = Buffer.byteLength(JSON.stringify(change));
      if (changes.length === MAX_CHANGES || (changes.length > 0 && bytes + size > MAX_BYTES)) {
        yield { kind, changes };
        [changes, bytes] = [[], 0];
      }
      changes.push(change);
      bytes += size;
    }
    if (changes.length > 0) yield { kind, changes };
  }
}
