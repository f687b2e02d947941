import { auditAll, engineFacts, type TargetAudit } from '@seatrial/isolation';
import { requireDocker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ESCAPE } from './cases.ts';
import { BESIDE, DEFECTS } from './corpus.ts';
import { Fleet } from './fleet.ts';

const docker = await requireDocker();

describe.skipIf(docker.skip !== undefined).each(['file', 'engine'] as const)(
  'the 28 planted defects on the real engine, evidence from the %s',
  (origin) => {
    let fleet: Fleet;
    let audits: ReadonlyMap<string, TargetAudit>;

    beforeAll(async () => {
      fleet = await Fleet.start(docker, [...BESIDE, ...DEFECTS]);
      const { documents, host, info } = await fleet.documents(origin);
      audits = new Map(
        auditAll(documents, { engine: engineFacts(info), host }).map((audit, i) => [
          fleet.members[i]?.case.name ?? '',
          audit,
        ]),
      );
    }, 600_000);

    afterAll(async () => fleet?.[Symbol.asyncDispose](), 300_000);

    function of(name: string): TargetAudit {
      const audit = audits.get(name);
      if (!audit) throw new Error(`${name} was not audited`);
      return audit;
    }

    const failing = (audit: TargetAudit) =>
      audit.verdicts.filter(({ status, primary }) => status === 'fail' && primary).map(({ check }) => check.id);

    test('the hardened profile yields nothing, the default one its eight findings', () => {
      expect(failing(of('hardened'))).toEqual([]);
      expect(failing(of('default'))).toHaveLength(8);
    });

    test.each(DEFECTS)('$name', ({ name, finds, severity, mayAlso = [] }) => {
      const floor = failing(of('default'));
      const audit = of(name);
      const fresh = failing(audit).filter((id) => !floor.includes(id) && !mayAlso.includes(id));
      expect(fresh.sort()).toEqual(finds.toSorted());
      expect(failing(audit)).toContain('dkr.nnp.missing');
      expect(audit.k.host).toBe(finds.includes(ESCAPE) ? 0 : 1);
      const base = audit.verdicts.find(({ check }) => check.id === finds[0])?.severityBase;
      expect(base).toBe(severity ?? base);
    });
  },
);
