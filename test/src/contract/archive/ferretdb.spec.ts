import { findFerretDb, startFerretDb, type TestFerretDb } from '@seatrial/testing';
import { afterAll } from 'vitest';

import { describeArchive } from './describe-archive.ts';
import { freshMongo } from './mongo-fresh.ts';

const program = findFerretDb();
let server: Promise<TestFerretDb> | undefined;

afterAll(async () => {
  await (await server)?.[Symbol.asyncDispose]();
});

const url = async (): Promise<string> => {
  server ??= startFerretDb('path' in program ? program.path : '');
  return (await server).url;
};

describeArchive('archive on FerretDB', freshMongo(url), {
  runs: 4,
  missing: 'missing' in program ? program.missing : undefined,
});
