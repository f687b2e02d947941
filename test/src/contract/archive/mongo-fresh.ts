import { randomUUID } from 'node:crypto';

import { MongoClient } from 'mongodb';

import type { OpenFresh } from './describe-archive.ts';
import { freshAt } from './sqlite-fresh.ts';

/** An archive in a database of its own on a server. `server` is asked for when a test runs. */
export function freshMongo(server: () => Promise<string>): OpenFresh {
  return async (options) => {
    const name = `seatrial_test_${randomUUID().replaceAll('-', '')}`;
    const url = new URL(await server());
    url.pathname = name;
    return freshAt(url.href, options, () => dropDatabase(url.href));
  };
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db(new URL(url).pathname.slice(1)).dropDatabase();
  } finally {
    await client.close();
  }
}
