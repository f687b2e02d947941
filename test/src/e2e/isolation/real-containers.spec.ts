import { auditAll, DOCKER_CHECKS, engineFacts, hostReference, type TargetAudit } from '@seatrial/isolation';
import { requireDocker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CASES, type RealCase } from './cases.ts';
import { Fleet, type Member } from './fleet.ts';

const docker = await requireDocker();

type View = ReadonlyMap<string, TargetAudit>;

describe.skipIf(docker.skip !== undefined)('containers on the real engine', () => {
  let fleet: Fleet;
  let declared: View;
  let effective: View;

  beforeAll(async () => {
    fleet = await Fleet.start(docker, CASES);
    declared = await audits('file');
    effective = await audits('engine');
    const refused = fleet.members.filter((member) => !member.started);
    console.info(
      `judged by configuration alone: ${refused.map((member) => `${member.case.name} (${member.refusal})`).join('; ')}`,
    );
  }, 600_000);

  afterAll(async () => fleet?.[Symbol.asyncDispose](), 300_000);

  /** Audits every member; a case that pretends a feature of the engine is judged in that light. */
  async function audits(origin: 'file' | 'engine'): Promise<View> {
    const { documents, host, info } = await fleet.documents(origin);
    const real = auditAll(documents, { engine: engineFacts(info), host });
    const views = new Map(real.map((audit, i) => [fleet.members[i]?.case.name ?? '', audit]));
    for (const [i, { case: item }] of fleet.members.entries()) {
      if (!item.securityOptions) continue;
      const pretended = auditAll(documents, {
        engine: engineFacts({ ...info, SecurityOptions: ['name=seccomp,profile=default', ...item.securityOptions] }),
        host,
      })[i];
      if (pretended) views.set(item.name, pretended);
    }
    return views;
  }

  function member(name: string): Member {
    const found = fleet.members.find((candidate) => candidate.case.name === name);
    if (!found) throw new Error(`no container for ${name}`);
    return found;
  }

  function of(view: View, name: string): TargetAudit {
    const audit = view.get(name);
    if (!audit) throw new Error(`${name} was not audited`);
    return audit;
  }

  const failing = (audit: TargetAudit) =>
    audit.verdicts.filter(({ status }) => status === 'fail').map(({ check }) => check.id);
  const expected = (item: RealCase) => item.finds.toSorted();

  test.each(CASES.map((item) => [item.name, item] as const))('%s: exactly what was planted is found', (name, item) => {
    expect(failing(of(effective, name)).sort()).toEqual(expected(item));
    expect(of(effective, name).k.host).toBe(item.finds.includes('dkr.path.host_escape') ? 0 : 1);
  });

  test('in running containers nothing is unknown', () => {
    const unknown = fleet.members
      .filter((candidate) => candidate.started)
      .flatMap(({ case: { name } }) =>
        of(effective, name)
          .verdicts.filter(({ status }) => status === 'unknown')
          .map(({ check }) => `${name} ${check.id}`),
      );
    expect(unknown).toEqual([]);
  });

  test.each(DOCKER_CHECKS.map((check) => check.id))(
    '%s fails in one of the containers and passes, or does not apply, in the hardened one',
    (id) => {
      const failed = fleet.members
        .map(({ case: { name } }) => name)
        .filter((name) => failing(of(effective, name)).includes(id));
      expect(failed).not.toEqual([]);
      expect(of(effective, 'hardened').verdicts.find(({ check }) => check.id === id)?.status).toMatch(
        /^(?:pass|not-applicable)$/,
      );
    },
  );

  test('configuration and kernel disagree only where they really differ', () => {
    const disagreements: string[] = [];
    for (const { case: item, started } of fleet.members) {
      if (!started) continue;
      const byConfig = new Map(of(declared, item.name).verdicts.map(({ check, status }) => [check.id, status]));
      for (const { check, status } of of(effective, item.name).verdicts) {
        const said = byConfig.get(check.id);
        if (said !== status && said !== 'unknown')
          disagreements.push(`${item.name} ${check.id}: configured ${said}, in force ${status}`);
      }
    }
    const known = CASES.flatMap((item) =>
      (item.drift ?? [])
        .filter(() => member(item.name).started)
        .map((id) => `${item.name} ${id}: configured pass, in force fail`),
    );
    expect(disagreements).toEqual(known);
  });

  test('verdicts on running containers come from the kernel', () => {
    const confidence = of(effective, 'plain')
      .verdicts.filter(({ outcome }) => outcome.confidence === 'effective')
      .map(({ check }) => check.id);
    expect(confidence).toEqual(
      expect.arrayContaining([
        'dkr.user.root',
        'dkr.caps.net_raw',
        'dkr.seccomp.disabled',
        'dkr.ns.pid.host',
        'dkr.limit.memory',
        'dkr.path.host_escape',
      ]),
    );
  });

  test('two different containers get different audits', () => {
    expect(new Set(fleet.members.map(({ case: { name } }) => of(effective, name).groupId)).size).toBeGreaterThan(
      CASES.length / 2,
    );
  });

  test('without the namespaces of the host nothing about namespaces passes', async () => {
    const { documents, info } = await fleet.documents('engine');
    const blind = auditAll(documents, { engine: engineFacts(info), host: hostReference({ name: 'test-host' }) });
    const statuses = blind
      .filter((audit) => audit.document.hasProcess)
      .flatMap((audit) =>
        audit.verdicts.filter(({ check }) => /^dkr\.ns\.\w+\.host$/.test(check.id)).map(({ status }) => status),
      );
    expect(statuses.length).toBeGreaterThan(100);
    expect(new Set(statuses)).toEqual(new Set(['unknown', 'fail']));
  });
});
