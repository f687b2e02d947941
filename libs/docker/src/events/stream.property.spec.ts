import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEvent, parseSince, sinceText } from './event.ts';
import { LineSplitter } from './lines.ts';
import { StreamPosition } from './position.ts';

test('lines do not depend on how the bytes were cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\r\n]/g, ''))),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, sizes) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const splitter = new LineSplitter(10_000);
        const given: string[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          given.push(...splitter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(given).toEqual(lines.filter((line) => line.trim() !== ''));
      },
    ),
  );
});

test('a position survives being written and read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 19n }), (nano) => {
      expect(parseSince(sinceText(nano))).toBe(nano);
    }),
  );
});

test('whatever a label holds, an event keeps its time', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.string()),
      fc.bigInt({ min: 0n, max: 9n * 10n ** 18n }),
      (attributes, nano) => {
        const message = { Type: 'container', Action: 'start', Actor: { ID: 'x', Attributes: attributes } };
        const line = `${JSON.stringify(message).slice(0, -1)},"timeNano":${nano}}`;
        expect(parseEvent(line)?.timeNano).toBe(nano);
      },
    ),
  );
});

/**
 * A model of the engine: events are published with times that may be slightly out of order (two threads log at once), the ring holds the latest 256, and a
 * subscriber with `since` gets, scanning from the newest, those up to the first that is older.
 */
class ModelEngine {
  readonly ring: { readonly line: string; readonly nano: bigint }[] = [];

  publish(line: string, nano: bigint): void {
    this.ring.push({ line, nano });
    if (this.ring.length > 256) this.ring.shift();
  }

  replay(since: string | undefined): readonly { readonly line: string; readonly nano: bigint }[] {
    if (since === undefined) return [];
    const from = parseSince(since);
    const stop = this.ring.findLastIndex(({ nano }) => nano < from);
    return this.ring.slice(stop + 1);
  }
}

test('through any cuts, every event is admitted exactly once, also when times are out of order by less than the overlap', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('event' as const), jitterMs: fc.integer({ min: 0, max: 900 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'back' as const), jitterMs: fc.constant(0) }),
    },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const engine = new ModelEngine();
      const position = new StreamPosition('1000.000000000');
      const admitted: string[] = [];
      const take = ({ line, nano }: { line: string; nano: bigint }): void => {
        if (position.admit(line, nano)) admitted.push(line);
      };
      let connected = true;
      let published = 0;
      for (const { kind, jitterMs } of [...steps, { kind: 'back' as const, jitterMs: 0 }]) {
        if (kind === 'cut') connected = false;
        else if (kind === 'back') {
          if (!connected) engine.replay(position.since).forEach(take);
          connected = true;
        } else {
          const nano = 1_001_000_000_000n + BigInt(published) * 300_000_000n - BigInt(jitterMs) * 1_000_000n;
          const line = `event ${published++}`;
          engine.publish(line, nano);
          if (connected) take({ line, nano });
        }
      }
      expect(admitted).toEqual(Array.from({ length: published }, (_, i) => `event ${i}`));
    }),
  );
});
