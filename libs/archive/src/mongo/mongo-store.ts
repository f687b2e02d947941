import { Binary, MongoClient } from 'mongodb';

import type { Store } from '../core/store.ts';
import { translated } from '../core/translated.ts';
import { ArchiveInvalid } from '../errors.ts';
import { mongoError, withoutCredentials } from './mongo-errors.ts';
import { MongoRecords } from './mongo-records.ts';
import { MongoSamples } from './mongo-samples.ts';

/** Database when the address names none. */
const DATABASE = 'seatrial';
/** How long a call waits for a server that is gone, ms: shorter than the 30 s after which a message is delivered again. */
const SELECTION_MS = 5_000;
const SOCKET_MS = 20_000;
/** Size of the write that proves there is room again, bytes. */
const PROBE_BYTES = 65_536;

/** Connects to MongoDB or FerretDB and makes the indexes. @throws ArchiveUnreachable, ArchiveInvalid */
export async function openMongoStore(url: string): Promise<Store> {
  const where = withoutCredentials(url);
  const translate = (error: unknown): unknown => mongoError(error, where);
  let client: MongoClient | undefined;
  try {
    client = clientOf(url, where);
    await client.connect();
    // The driver's own default would be `test`.
    const database = /^[^/]*\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? DATABASE;
    return translated(await storeOf(client, decodeURIComponent(database), translate), translate);
  } catch (error) {
    await client?.close();
    throw translate(error);
  }
}

/** @throws ArchiveInvalid for an address that is none: the driver throws errors of three kinds for it, before it has sent anything */
function clientOf(url: string, where: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'seatrial-archive',
      serverSelectionTimeoutMS: SELECTION_MS,
      socketTimeoutMS: SOCKET_MS,
      // A write counts when it would survive the loss of the server.
      writeConcern: { w: 'majority', journal: true },
    });
  } catch {
    // Not the driver's text: it quotes what it could not read, which may be a part of the password.
    throw new ArchiveInvalid(
      `${where} is no MongoDB address; in a user or password write / ? # @ : as %2F %3F %23 %40 %3A`,
    );
  }
}

async function storeOf(client: MongoClient, database: string, translate: (error: unknown) => unknown): Promise<Store> {
  const db = client.db(database);
  const [samples, records] = [new MongoSamples(db), new MongoRecords(db)];
  await samples.prepare();
  await records.prepare();
  return {
    samples: translated(samples, translate),
    records: translated(records, translate),
    bytes: async () => Number((await db.stats())['dataSize']),
    ping: async () => void (await db.command({ ping: 1 })),
    probe: async () => {
      const value = new Binary(new Uint8Array(PROBE_BYTES));
      await db
        .collection<{ _id: string; value: Binary }>('meta')
        .replaceOne({ _id: 'probe' }, { value }, { upsert: true });
    },
    close: () => client.close(),
  };
}
