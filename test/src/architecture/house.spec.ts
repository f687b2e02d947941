import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ERROR_CODES } from '@seatrial/contracts';
import { expect, test } from 'vitest';
import { readWorkspace, ROOT } from './read-workspace.ts';
import { codeViolations } from './rules/codes.ts';
import { determinismViolations } from './rules/determinism.ts';
import { documentViolations } from './rules/documents.ts';
import { duplicateViolations } from './rules/duplicates.ts';
import { importViolations, manifestEdgeViolations } from './rules/imports.ts';
import { licenceViolations, productionPackages, type LockFile } from './rules/licences.ts';
import { manifestViolations } from './rules/manifests.ts';
import { graphViolations, type ProjectGraph } from './rules/project-graph.ts';
import { purityViolations } from './rules/purity.ts';
import { sizeViolations } from './rules/size.ts';
import { surfaceViolations } from './rules/surface.ts';
import { wordViolations } from './rules/words.ts';
import { sourcesOf, type Violation } from './workspace.ts';

const workspace = readWorkspace();

test('the rules see the whole checkout', () => {
  const owners = new Set(sourcesOf(workspace).map((source) => source.package.directory));
  expect([...owners].toSorted()).toEqual(PROJECTS.map(([directory]) => directory).toSorted());
  expect(sourcesOf(workspace).length).toBeGreaterThan(500);
});

test('every import is declared, goes in an allowed direction and stays out of the rooms of others', () => {
  expect(lines(importViolations(workspace))).toEqual([]);
});

test('packages depend on each other in the allowed direction, without a cycle', () => {
  expect(lines(manifestEdgeViolations(workspace))).toEqual([]);
});

test('pure libraries do no I/O and read no clock', () => {
  expect(lines(purityViolations(workspace))).toEqual([]);
});

test('every index.ts is an explicit list, and nobody can import a service', () => {
  expect(lines(surfaceViolations(workspace))).toEqual([]);
});

test('files are small', () => {
  expect(lines(sizeViolations(workspace))).toEqual([]);
});

test('every error code used is registered, and every registered one is used', () => {
  expect(lines(codeViolations(workspace, { codes: Object.keys(ERROR_CODES), unused: UNUSED_CODES }))).toEqual([]);
});

test('no path of one machine, no registry host, no unfinished work, no test that never runs', () => {
  expect(lines(wordViolations(workspace))).toEqual([]);
});

test('nothing shipped throws dice, and no test waits for time to pass', () => {
  expect(lines(determinismViolations(workspace))).toEqual([]);
});

test('manifests agree: engine, licence, exact versions, compiler references', () => {
  expect(lines(manifestViolations(workspace))).toEqual([]);
});

test('one build compiles every project', () => {
  const { references } = JSON.parse(workspace.files.get('tsconfig.json') ?? '{}') as { references: { path: string }[] };
  expect(references.map(({ path }) => path).toSorted()).toEqual(PROJECTS.map(([directory]) => directory).toSorted());
});

test.each(['seatrial', '.ci/run'])('%s can be started', (path) => {
  expect(statSync(join(ROOT, path)).mode & 0o111).toBe(0o111);
});

test('everything that ships has a licence that asks for no more than a notice', () => {
  const lock = JSON.parse(workspace.files.get('package-lock.json') ?? '{}') as LockFile;
  expect(productionPackages(workspace, lock).length).toBeGreaterThan(50);
  expect(lines(licenceViolations(workspace, lock, installedLicence))).toEqual([]);
});

test('no block of more than 20 lines stands in two places', () => {
  expect(lines(duplicateViolations(workspace))).toEqual([]);
});

test('links of documents lead somewhere, and every block says what it is', () => {
  expect(lines(documentViolations(workspace))).toEqual([]);
});

test('every decision stands in the list of decisions', () => {
  const list = workspace.files.get('docs/adr/README.md');
  const decisions = [...workspace.files.keys()].filter((path) => /^docs\/adr\/\d{4}-/.test(path));
  expect(decisions.length).toBeGreaterThan(0);
  expect(decisions.filter((path) => !list?.includes(`(${path.slice('docs/adr/'.length)})`))).toEqual([]);
});

test('nx sees exactly the projects of the house and only edges that are declared', async () => {
  await using graph = await nxGraph();
  expect(lines(graphViolations(workspace, graph.content, Object.fromEntries(PROJECTS)))).toEqual([]);
});

/** One line a violation: what a failed test prints. */
function lines(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ at, what }) => `${at}  ${what}`);
}

/** Every project: its folder and its name for nx. */
const PROJECTS: readonly (readonly [directory: string, name: string])[] = [
  ['contracts', '@seatrial/contracts'],
  ['libs/archive', '@seatrial/archive'],
  ['libs/bus', '@seatrial/bus'],
  ['libs/docker', '@seatrial/docker'],
  ['libs/estate', '@seatrial/estate'],
  ['libs/host', '@seatrial/host'],
  ['libs/isolation', '@seatrial/isolation'],
  ['libs/report', '@seatrial/report'],
  ['libs/service', '@seatrial/service'],
  ['libs/testing', '@seatrial/testing'],
  ['infra', '@seatrial/infra'],
  ['services/collector', '@seatrial/collector'],
  ['services/isolation-auditor', '@seatrial/isolation-auditor'],
  ['apps/cli', '@seatrial/cli'],
  ['test', '@seatrial/test'],
  ['bench', '@seatrial/bench'],
];

/** Codes that are registered and that no source raises by name. */
const UNUSED_CODES: Readonly<Record<string, string>> = {};

function installedLicence(path: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as {
      license?: string;
      licenses?: { type: string }[];
    };
    return manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  } catch {
    return undefined; // An optional package for another platform: the lock file names its licence.
  }
}

async function nxGraph(): Promise<{ readonly content: ProjectGraph } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-graph-'));
  const file = join(folder, 'graph.json');
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`],
    {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
    },
  );
  const content = JSON.parse(await readFile(file, 'utf8')) as ProjectGraph;
  return { content, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
