import { AuditStart, FindingChanged, TargetsList } from '@seatrial/contracts';
import { describe, expect, test } from 'vitest';

import { checkedPayload, contractOf, ContractUnknown, filterOf, PayloadInvalid, readPayload } from './contract-of.ts';

const noInput = async () => '';

/** What a call throws. */
function faultOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a contract', () => {
  test.each([['isolation.audit-start'], ['seatrial.cmd.v1.isolation.audit-start.a1']])('is found by %s', (what) => {
    expect(contractOf(what).type).toBe('isolation.audit-start');
  });

  test('that nobody has is refused with the nearest names', () => {
    expect(() => contractOf('isolation.audit-strat')).toThrow(
      expect.objectContaining({ code: 'E-CONTRACT-UNKNOWN', hint: expect.stringContaining('`isolation.audit-start`') }),
    );
  });

  test('gives the filter to listen on; subjects stay as they are', () => {
    expect(filterOf('isolation.finding')).toBe(FindingChanged.filter);
    expect(filterOf('seatrial.evt.>')).toBe('seatrial.evt.>');
    expect(() => filterOf('findings')).toThrow(ContractUnknown);
  });
});

describe('a payload', () => {
  test('that fits is passed on', async () => {
    const data = await readPayload(AuditStart as never, '{"auditId":"a1","scope":{},"mode":"effective"}', noInput);
    expect(checkedPayload(AuditStart as never, data)).toEqual({ auditId: 'a1', scope: {}, mode: 'effective' });
  });

  test('can come from standard input', async () => {
    expect(await readPayload(TargetsList as never, '-', async () => '{}')).toEqual({});
  });

  test('that does not fit names every place as a JSON pointer', () => {
    const wrong = { auditId: '', scope: { targets: ['ok', 7] }, mode: 'quick' };
    expect(() => checkedPayload(AuditStart as never, wrong)).toThrow(PayloadInvalid);
    const details = { issues: [{ pointer: '/auditId' }, { pointer: '/scope/targets/1' }, { pointer: '/mode' }] };
    expect(faultOf(() => checkedPayload(AuditStart as never, wrong))).toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      details,
    });
  });

  test('with a key too many is refused: a sender must not invent fields', () => {
    expect(() => checkedPayload(TargetsList as never, { limit: 5 })).toThrow(PayloadInvalid);
  });

  test('that is not JSON is refused', async () => {
    await expect(readPayload(TargetsList as never, '{', noInput)).rejects.toMatchObject({ code: 'E-CONTRACT-PAYLOAD' });
  });
});
