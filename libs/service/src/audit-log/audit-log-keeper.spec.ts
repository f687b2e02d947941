import type { RawReceived } from '@seatrial/bus';
import { describe, expect, test } from 'vitest';

import { AuditLogKeeper } from './audit-log-keeper.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

function record(n: number): RawReceived {
  const body = {
    commandId: `c${n}`,
    type: 'isolation.audit-start',
    subject: 'seatrial.cmd.v1.isolation.audit-start.a',
    actor: 'ann',
    role: 'operator',
    outcome: 'accepted',
    cli: 'seatrial scan',
    service: 'isolation-auditor',
    at: '2026-01-02T03:04:05.000Z',
  };
  const data = Buffer.from(JSON.stringify(body));
  return { subject: 'seatrial.aud.v1.isolation.audit-start', headers: new Map(), data, sequence: n, time: new Date() };
}

/** A stream of records 1 to `count`; resolves `asked` with where each reader begins. */
function streamOf(count: number, asked: unknown[]) {
  return {
    async *readRaw(_stream: string, options: { readonly from?: unknown; readonly signal?: AbortSignal }) {
      asked.push(options.from);
      const first = typeof options.from === 'object' ? (options.from as { sequence: number }).sequence : 1;
      for (let n = first; n <= count; n++) yield record(n);
      if (options.signal?.aborted) return;
      await new Promise<void>((resolve) => options.signal?.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

describe('the keeper of audit records', () => {
  test('keeps each in order, tries again from the last kept one when the archive takes nothing, and goes on there after a restart', async () => {
    const asked: unknown[] = [];
    const kept: string[] = [];
    let sequence: number | undefined;
    let full = 0;
    const all = Promise.withResolvers<void>();
    const keeper = new AuditLogKeeper({
      bus: streamOf(4, asked) as never,
      domain: 'isolation',
      log: silent,
      againMs: 1,
      store: {
        append: async ([entry]) => {
          // The third is refused twice.
          if (entry?.id === 'c3' && full++ < 2) throw new Error('the disk is full');
          kept.push(`${entry?.id} ${entry?.actor} ${entry?.at}`);
        },
      },
      position: {
        read: async () => sequence,
        write: async (at) => {
          sequence = at;
          if (at === 4) all.resolve();
        },
      },
    });
    keeper.start();
    await all.promise;
    await keeper.stop();
    expect(kept.map((line) => line.split(' ')[0])).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(kept[0]).toBe(`c1 ann ${Date.parse('2026-01-02T03:04:05.000Z')}`);
    expect(asked).toEqual(['all', { sequence: 3 }, { sequence: 3 }]);
    expect(sequence).toBe(4);
  });
});
