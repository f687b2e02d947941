import { requireDocker } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';
import { NO_ENGINE, remains, testPlane } from './plane.ts';

const docker = await requireDocker();

/** What `up -o json` prints, as far as tests read it. */
interface UpJson {
  readonly mode: string;
  readonly bus: string;
  readonly sources: readonly {
    readonly kind: string;
    readonly status: string;
    readonly simulated: boolean;
    readonly version?: string;
    readonly objects: number;
  }[];
  readonly services: readonly { readonly name: string; readonly ok: boolean; readonly ms: number }[];
  readonly sections: {
    readonly collect: { readonly counts: Readonly<Record<string, number>>; readonly frame: number | null };
    readonly audit: { readonly targets: number };
  };
  readonly findings: readonly {
    readonly checkId: string;
    readonly status: string;
    readonly severity: string;
    readonly target: { readonly name: string; readonly demo?: boolean };
  }[];
  readonly next: readonly string[];
}

test('without an engine it says so once, looks at this host, and leaves nothing', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const { code, stdout, stderr } = await plane.run('up', '--once', '-o', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/engine/) });
  expect(stderr.match(/engine/gi)).toHaveLength(1);
  const up = JSON.parse(stdout) as UpJson;
  expect(up.mode).toBe('started');
  expect(up.services.map(({ name, ok }) => [name, ok])).toEqual([
    ['bus', true],
    ['collector', true],
    ['isolation-auditor', true],
  ]);
  expect(up.sources).toMatchObject([
    { kind: 'docker', status: 'not found', simulated: false },
    { kind: 'host', status: 'real', simulated: false },
  ]);
  expect(up.sections.collect).toMatchObject({ counts: { host: 1 }, frame: expect.any(Number) });
  expect(up.sections).not.toHaveProperty('audit');
  expect(up.findings).toEqual([]);
  expect(await remains(plane, up.bus)).toEqual([]);
});

describe.skipIf(docker.skip !== undefined)('with an engine', () => {
  test('the demo application is found with its planted defects, marked as demo, and removed again', async () => {
    await using plane = await testPlane({ DOCKER_HOST: docker.url });
    const { code, stdout } = await plane.run('up', '--once', '--demo', '--fail-on', 'high', '-o', 'json');
    const up = JSON.parse(stdout) as UpJson;
    expect(code).toBe(3);
    expect(up.sources[0]).toMatchObject({ kind: 'docker', status: 'real', version: expect.stringMatching(/^\d+\./) });
    const demo = up.findings.filter(({ status, target }) => status === 'fail' && target.demo === true);
    const of = (name: string): string[] =>
      demo.filter(({ target }) => target.name.startsWith(name)).map(({ checkId }) => checkId);
    expect(of('shop-worker')).toContain('dkr.ns.pid.host');
    expect(of('shop-web')).toEqual(expect.arrayContaining(['dkr.port.wildcard', 'dkr.limit.memory']));
    expect(of('shop-api')).toContain('dkr.secret.env');
    const serious = demo.filter(
      ({ severity, target }) =>
        target.name.startsWith('shop-cache') && ['critical', 'high', 'medium'].includes(severity),
    );
    expect(serious).toEqual([]);
    expect(await remains(plane, up.bus)).toEqual([]);
    expect(stdout).not.toContain('not-a-real-credential');
  });
});
