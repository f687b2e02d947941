import { describeArchive } from './describe-archive.ts';
import { freshSqlite } from './sqlite-fresh.ts';

describeArchive('archive on SQLite', freshSqlite, { runs: 25 });
