/** One entry of the code registry: what a person reads, and what a script gets. */
export interface ErrorCode {
  /** One sentence: when it happens. */
  readonly text: string;
  /** One sentence: what to do. */
  readonly hint: string;
  /** Process exit code of the CLI (frozen; see `EXIT`). */
  readonly exit: number;
}

/** Frozen exit codes of the CLI. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  gate: 3,
  notFound: 4,
  notAllowed: 5,
  unreachable: 6,
  deadline: 7,
  conflict: 8,
  counterexample: 9,
  rolledBack: 10,
  interrupted: 130,
} as const;

/**
 * Every stable code of the product, in alphabetical order. A code never changes its meaning; the reference page of error codes is generated from here.
 */
export const ERROR_CODES = {
  'E-ARCHIVE-CLOSED': {
    text: 'The archive was used after it was closed.',
    hint: 'This is a defect of the caller: close the archive last.',
    exit: 1,
  },
  'E-ARCHIVE-CORRUPT': {
    text: 'The archive file is not a database or is damaged.',
    hint: 'Move the file away; a new one is made at the next start.',
    exit: 1,
  },
  'E-ARCHIVE-FULL': {
    text: 'The disk of the archive is full; nothing is acknowledged until there is room.',
    hint: 'Free disk space; the stream keeps the data meanwhile.',
    exit: 1,
  },
  'E-ARCHIVE-INVALID': {
    text: 'A query or record of the archive is malformed or asks for too much.',
    hint: 'The message names the field and its range.',
    exit: 2,
  },
  'E-ARCHIVE-IO': {
    text: 'The archive could not be opened, read or written.',
    hint: 'The message names the place; check its permissions and that no other process holds it.',
    exit: 1,
  },
  'E-ARCHIVE-UNREACHABLE': {
    text: 'The archive database does not answer.',
    hint: 'Check SEATRIAL_ARCHIVE and that the database runs.',
    exit: 6,
  },
  'E-AUTH-CREDS': {
    text: 'The bus refused the credentials.',
    hint: 'Use the keys that `./seatrial up` made under .seatrial/keys, or name others with --creds.',
    exit: 5,
  },
  'E-AUTH-KEYS': {
    text: 'A key file is open to others, belongs to somebody else, or holds no key.',
    hint: 'The message names the file and the command that mends it.',
    exit: 5,
  },
  'E-AUTH-REQUIRED': {
    text: 'The bus wants credentials and none were given.',
    hint: 'Name them with --creds, or run inside the checkout where `./seatrial up` made them.',
    exit: 5,
  },
  'E-BUS-CLOSED': {
    text: 'The connection to the bus is closed.',
    hint: 'The process is shutting down; send again after its restart.',
    exit: 6,
  },
  'E-BUS-CONFIG': {
    text: 'An option of the bus library is out of range.',
    hint: 'The message names the field and its range.',
    exit: 1,
  },
  'E-BUS-FORGED': {
    text: 'A stored message came back as a command or event, or its ids disagree.',
    hint: 'It was kept in the dead letters; look at its headers with `seatrial dlq show`.',
    exit: 1,
  },
  'E-BUS-HANDLER': {
    text: 'A handler failed and its tries are used up.',
    hint: 'Mend the cause, then `seatrial dlq replay`.',
    exit: 1,
  },
  'E-BUS-LEASE-LOST': {
    text: 'A lease ended before the work under it did.',
    hint: 'Another process took over; nothing to do.',
    exit: 8,
  },
  'E-BUS-NO-RESPONDER': {
    text: 'Nobody answers this query.',
    hint: 'Is the service running? `seatrial status` lists those that answer.',
    exit: 6,
  },
  'E-BUS-NO-SERVER': {
    text: 'No nats-server could be found, fetched or built.',
    hint: 'Install nats-server 2.11 or newer, or name a running one with --bus URL.',
    exit: 6,
  },
  'E-BUS-NOT-PROVISIONED': {
    text: 'A stream, durable or bucket is missing on the bus.',
    hint: 'Run the provisioning of `infra` with the admin credential; `./seatrial up` does it.',
    exit: 6,
  },
  'E-BUS-NOT-STORED': {
    text: 'The bus did not take a message.',
    hint: 'The message gives the reason of the server; a full stream or disk needs room.',
    exit: 6,
  },
  'E-BUS-OBJECT': {
    text: 'An object of an object store is incomplete or damaged.',
    hint: 'Store it again; its owner may have replaced it while it was read.',
    exit: 1,
  },
  'E-BUS-PAYLOAD-TOO-LARGE': {
    text: 'The message is larger than the bus takes.',
    hint: 'Payloads over 256 KiB go to the object store; the message carries the key.',
    exit: 2,
  },
  'E-BUS-PROVISION': {
    text: 'A stream, bucket or durable on the bus cannot be made what it should be.',
    hint: 'The message names it and what stands against it; nothing was lost.',
    exit: 6,
  },
  'E-BUS-UNREACHABLE': {
    text: 'No connection to the bus.',
    hint: 'Is the broker running? `./seatrial up` starts one; `--bus URL` names another.',
    exit: 6,
  },
  'E-BUS-VERSION': {
    text: 'The nats-server is older than 2.11.',
    hint: 'Upgrade it, or let `./seatrial up` fetch one.',
    exit: 6,
  },
  'E-CONFIG': {
    text: 'The configuration is invalid.',
    hint: 'The message names the file, the line and the nearest key.',
    exit: 2,
  },
  'E-CONFLICT-LOCK': {
    text: 'Another process holds the lock.',
    hint: 'Wait for it to finish; the message says who holds it.',
    exit: 8,
  },
  'E-CONFLICT-REVISION': {
    text: 'The record changed since it was read.',
    hint: 'Read it again and repeat the change.',
    exit: 8,
  },
  'E-CONTRACT-PAYLOAD': {
    text: 'The payload does not fit its contract.',
    hint: 'The message names the place; the contracts reference shows the schema.',
    exit: 2,
  },
  'E-CONTRACT-UNKNOWN': {
    text: 'No contract has this subject or type.',
    hint: 'The contracts reference lists all subjects.',
    exit: 2,
  },
  'E-DEADLINE': {
    text: 'No answer before the deadline.',
    hint: 'The work may still finish; ask again, or raise --timeout.',
    exit: 7,
  },
  'E-DLQ-NOT-FOUND': {
    text: 'No dead letter has this number.',
    hint: '`seatrial dlq list` shows those that are kept.',
    exit: 4,
  },
  'E-ENV-BUILD': {
    text: 'The sources could not be compiled.',
    hint: 'The message shows the first errors and names the log.',
    exit: 1,
  },
  'E-ENV-ENGINE-INSTALL': {
    text: 'The Docker engine could not be installed or started.',
    hint: 'The message shows the last lines of the installer; `--no-install` goes on without one.',
    exit: 1,
  },
  'E-ENV-INSTALL': {
    text: 'The dependencies could not be installed.',
    hint: 'Check that the package registry is reachable, then run the same command again.',
    exit: 1,
  },
  'E-ENV-NODE': {
    text: 'Node 24 is missing and could not be fetched.',
    hint: 'Install Node 24 or newer, then run the same command again.',
    exit: 1,
  },
  'E-ENV-TOOL': {
    text: 'A tool could not be fetched or built.',
    hint: 'The message names the tool and every way that was tried.',
    exit: 1,
  },
  'E-ESTATE-DOCKER-API': {
    text: 'The Docker engine is too old or answers something else.',
    hint: 'Docker Engine API 1.41 or newer is needed.',
    exit: 6,
  },
  'E-ESTATE-ENGINE': {
    text: 'The Docker engine refused or failed a request.',
    hint: 'The message is that of the engine; its own log has more.',
    exit: 6,
  },
  'E-ESTATE-INVALID': { text: 'The query or target is invalid.', hint: 'The message names the field.', exit: 2 },
  'E-ESTATE-NO-DATA': {
    text: 'Nothing was recorded in this window.',
    hint: 'Ask for another window; `seatrial get targets` shows since when a target is watched.',
    exit: 4,
  },
  'E-ESTATE-NOT-FOUND': {
    text: 'The estate has no such object.',
    hint: '`seatrial get hosts` and `seatrial get containers` list what there is.',
    exit: 4,
  },
  'E-ESTATE-PROTOCOL': {
    text: 'A source answered something that is not its protocol.',
    hint: 'Check that the URL is that of the engine.',
    exit: 6,
  },
  'E-FILE-INVALID': {
    text: 'The file cannot be read or is invalid.',
    hint: 'The message names the file and the place.',
    exit: 2,
  },
  'E-INTERNAL': { text: 'A defect of Seatrial.', hint: 'Please report it with the trace id.', exit: 1 },
  'E-ISO-EVIDENCE-GONE': {
    text: 'The container ended before its evidence could be read.',
    hint: 'Nothing to do; the verdict is from its configuration.',
    exit: 1,
  },
  'E-ISO-FACTS': { text: 'The inspect document is malformed.', hint: 'The message names the field.', exit: 2 },
  'E-ISO-ID': {
    text: 'This is not a container id or name.',
    hint: 'Use the name, or at least the first 12 characters of the id.',
    exit: 2,
  },
  'E-ISO-NSREF': {
    text: 'The namespaces of the engine cannot be read, so namespace checks are unknown.',
    hint: 'Run the auditor as root on the host of the engine.',
    exit: 1,
  },
  'E-ISO-TOO-LARGE': {
    text: 'A part of the evidence is larger than the limit.',
    hint: 'The audit goes on; the part is reported as missing.',
    exit: 1,
  },
  'E-NOT-FOUND': { text: 'No such object.', hint: 'The message lists the nearest names.', exit: 4 },
  'E-OUTPUT': {
    text: 'The result could not be written.',
    hint: 'Make room where standard output goes, then run the same command again.',
    exit: 1,
  },
  'E-PERM-PUBLISH': {
    text: 'The bus refuses this publish to this role.',
    hint: 'The message names the role that may.',
    exit: 5,
  },
  'E-PERM-SUBSCRIBE': {
    text: 'The bus refuses this subscription to this role.',
    hint: 'The message names the role that may.',
    exit: 5,
  },
  'E-PORT-BUSY': {
    text: 'No free port was found.',
    hint: 'End the program that holds the ports, or name another with --port.',
    exit: 1,
  },
  'E-SRC-PERM': {
    text: 'The source refuses access.',
    hint: 'Add the user to the group of the socket; who can use the engine socket is root on that host.',
    exit: 6,
  },
  'E-SRC-TLS': {
    text: 'The certificate of the source is not trusted.',
    hint: 'Name its certificate authority in the target.',
    exit: 6,
  },
  'E-SRC-TOO-LARGE': {
    text: 'An answer of a source is larger than its limit.',
    hint: 'Only this object is left out; the message names it and the limit.',
    exit: 1,
  },
  'E-SRC-UNREACHABLE': {
    text: 'The source does not answer.',
    hint: 'Is it running? The message names the address.',
    exit: 6,
  },
  'E-UP-BUS-LOST': {
    text: 'The broker of this plane died twice.',
    hint: 'Look at .seatrial/logs/nats-server.log.',
    exit: 6,
  },
  'E-UP-SERVICE': { text: 'A service did not become ready.', hint: 'The message names its log file.', exit: 1 },
  'E-USAGE': { text: 'The command line is wrong.', hint: '`seatrial --help` lists verbs and flags.', exit: 2 },
  'W-ESTATE-CAPABILITY': {
    text: 'A measurement is not available on this machine.',
    hint: 'It is reported as absent, never as zero.',
    exit: 0,
  },
  'W-ESTATE-SAME-ENGINE': {
    text: 'Two targets lead to one engine.',
    hint: 'Remove one of the two targets: their containers count twice.',
    exit: 0,
  },
} as const satisfies Record<string, ErrorCode>;

/** Any code of the registry. */
export type Code = keyof typeof ERROR_CODES;

/** Looks a code up that came from another process; unknown codes read as a defect. */
export function errorCode(code: string): ErrorCode {
  return code in ERROR_CODES ? ERROR_CODES[code as Code] : ERROR_CODES['E-INTERNAL'];
}
