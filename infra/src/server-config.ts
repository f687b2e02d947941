import type { KeyRing } from './keys.ts';
import { permissionsOf, type BusUser } from './permissions.ts';

/** What the configuration of a broker depends on. */
export interface ServerConfigOptions {
  readonly port: number;
  /** Folder of the streams; the server makes it. */
  readonly storeDir: string;
  readonly keys: Pick<KeyRing, 'users'>;
  /** Name of the server, shown in its log. @default 'seatrial' */
  readonly name?: string;
  /** Responders may answer where they were asked to. Off only in tests: it silently grants acks and flow control, and hides a missing right. @default true */
  readonly allowResponses?: boolean;
  /** Changes the rights of a user, in tests that take one away. */
  readonly adjust?: (user: BusUser, permissions: ServerPermissions) => ServerPermissions;
}

/** A permission block in the words of nats-server. */
export interface ServerPermissions {
  readonly publish: { readonly allow: readonly string[]; readonly deny?: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  readonly allow_responses?: { readonly max: number; readonly expires: string };
}

/** Largest message of the server; ours stop at 256 KiB (`MAX_BODY_BYTES`). */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** A loaded machine needs longer than the default of 2 s to check a signature. */
const AUTH_TIMEOUT_S = 10;

/**
 * Text of the configuration file of nats-server: loopback only, JetStream, every user with a key and its generated rights. The system account has no user,
 * and there is no monitoring port, so nothing is reachable without one of these keys. Values are JSON, which the format includes: subjects need no escaping of their own.
 */
export function serverConfig(options: ServerConfigOptions): string {
  const { adjust = (_user, permissions) => permissions, allowResponses = true } = options;
  const users = options.keys.users.map(({ user, publicKey }) => ({
    nkey: publicKey,
    permissions: adjust(user, inServerWords(user, allowResponses)),
  }));
  const settings = {
    server_name: options.name ?? 'seatrial',
    host: '127.0.0.1',
    port: options.port,
    max_payload: MAX_PAYLOAD_BYTES,
    jetstream: { store_dir: options.storeDir },
    authorization: { timeout: AUTH_TIMEOUT_S, users },
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value, undefined, 2)}`);
  return `# Generated from the contract registry; changes are overwritten at the next start.\n${lines.join('\n')}\n`;
}

function inServerWords(user: BusUser, allowResponses: boolean): ServerPermissions {
  const { publish, denyPublish, subscribe, responds } = permissionsOf(user);
  return {
    publish: { allow: publish, ...(denyPublish !== undefined && { deny: denyPublish }) },
    subscribe: { allow: subscribe },
    // One answer a request, and not later than any deadline of ours.
    ...(responds && allowResponses && { allow_responses: { max: 1, expires: '30s' } }),
  };
}
