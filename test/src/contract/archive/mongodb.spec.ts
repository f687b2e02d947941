import { describeArchive } from './describe-archive.ts';
import { freshMongo } from './mongo-fresh.ts';

const url = process.env['MONGODB_URL'];

describeArchive(
  'archive on MongoDB',
  freshMongo(async () => url ?? ''),
  { runs: 10, missing: url ? undefined : 'MONGODB_URL names no server' },
);
