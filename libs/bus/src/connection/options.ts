import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { nkeys } from '@nats-io/nats-core';

import { BusConfigError, CredentialsRefused } from '../errors.ts';
import { identityOf, type BusUserOption, type Identity } from './identity.ts';
import { SilentLog, type BusLog } from './log.ts';
import type { BusStatus } from './status.ts';

/** How a process connects. */
export interface BusOptions {
  /** `nats://host:port`, several comma-separated. */ readonly url: string;
  /** Name of the user: sets `ce-source`, inbox prefix and connection name. */ readonly as: BusUserOption;
  /** NKey seed text, `SU...`. */ readonly seed?: string;
  /** File with the seed. */ readonly seedFile?: string;
  /** Deadline of the first connection, ms. @default 10_000 */ readonly connectTimeoutMs?: number;
  /** Name of this process among those of its service. @default `<host>-<pid>-<random>` */ readonly instance?: string;
  /** Version of the service, semantic. @default '0.0.0' */ readonly version?: string;
  /** Hears of every change of the connection and of every refusal. */ readonly onStatus?: (status: BusStatus) => void;
  /** @default silent */ readonly log?: BusLog;
}

/** What the rest of the library sees: no optional field, the key read and checked. */
export interface CompiledBusOptions {
  readonly url: string;
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly identity: Identity;
  readonly seed: Uint8Array | undefined;
  readonly connectTimeoutMs: number;
  readonly instance: string;
  readonly version: string;
  readonly onStatus: (status: BusStatus) => void;
  readonly log: BusLog;
}

/** Fills in defaults. @throws BusConfigError, CredentialsRefused when the seed cannot be read or is none */
export function compileBusOptions(options: BusOptions): CompiledBusOptions {
  const urls = options.url
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  if (urls.length === 0) throw new BusConfigError('url', 'it is empty; it is of the form nats://host:port');
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  if (!(connectTimeoutMs > 0))
    throw new BusConfigError('connectTimeoutMs', `${connectTimeoutMs} is not a positive number`);
  return {
    url: urls.map((url) => url.replace(/\/\/[^@/]*@/, '//')).join(','),
    servers: urls.map((url) => url.replace(/^(nats|tls):\/\//, '')),
    tls: urls.some((url) => url.startsWith('tls://')),
    identity: identityOf(options.as),
    seed: seedOf(options),
    connectTimeoutMs,
    instance: options.instance ?? `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    version: options.version ?? '0.0.0',
    onStatus: options.onStatus ?? (() => undefined),
    log: options.log ?? new SilentLog(),
  };
}

function seedOf({ seed, seedFile }: BusOptions): Uint8Array | undefined {
  const from = seedFile === undefined ? 'the seed' : `the key file ${seedFile}`;
  let text = seed;
  if (text === undefined && seedFile !== undefined) {
    try {
      text = readFileSync(seedFile, 'utf8');
    } catch (error) {
      throw new CredentialsRefused(`${from} cannot be read`, error);
    }
  }
  if (text === undefined) return undefined;
  const bytes = new TextEncoder().encode(text.trim());
  try {
    nkeys.fromSeed(bytes);
  } catch (error) {
    throw new CredentialsRefused(`${from} holds no NKey seed`, error);
  }
  return bytes;
}
