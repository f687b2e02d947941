import type { ContainerCreateBody } from '@seatrial/docker';

/** Marks everything of the demo on an engine; nothing without it is ever changed. */
export const DEMO_LABEL = 'io.seatrial.demo';
/** Which checkout (or test plane) it belongs to, so that `down` of one does not remove the demo of another. */
export const OWNER_LABEL = 'io.seatrial.owner';

/** Made from the machine's static busybox; no image registry is asked. */
export const DEMO_IMAGE = { repository: 'seatrial-demo', tag: 'local' } as const;
export const DEMO_NETWORK = 'seatrial-demo';

/** One container of the demo. */
export interface DemoService {
  /** Name of the service, also its name in the network. */
  readonly name: string;
  /** What is wrong with it on purpose, for people. */
  readonly planted: string;
  readonly command: readonly string[];
  /** What it has besides the common part. */
  readonly body: (port: number) => {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly host?: Readonly<Record<string, unknown>>;
  };
}

const MIB = 1024 * 1024;
/** What a careful operator gives every container; the defects are deviations from it. */
const HARDENED_HOST = {
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=1m,mode=1777' },
  Memory: 32 * MIB,
  MemorySwap: 32 * MIB,
  NanoCpus: 200_000_000,
  PidsLimit: 32,
  RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
} as const;

const PORT = 8080;
const serve = (script: string): readonly string[] => ['nc', '-ll', '-p', String(PORT), '-e', 'sh', script];

/** The demo application. Which defects are found is the auditor's to say; nothing here lists findings. */
export const DEMO_SERVICES: readonly DemoService[] = [
  {
    name: 'shop-cache',
    planted: 'nothing: hardened',
    command: ['httpd', '-f', '-p', String(PORT), '-h', '/www'],
    body: () => ({
      config: {
        Healthcheck: {
          Test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${PORT}/catalogue.txt`],
          Interval: 60e9,
          Timeout: 5e9,
          Retries: 3,
        },
      },
    }),
  },
  {
    name: 'shop-api',
    planted: 'a (fake) credential in its environment',
    command: serve('/app/api.sh'),
    body: () => ({ config: { Env: ['PATH=/bin', 'DATABASE_PASSWORD=demo-not-a-real-credential-7Qx2'] } }),
  },
  {
    name: 'shop-web',
    planted: 'published on every address, no memory limit',
    command: serve('/app/web.sh'),
    body: (port) => ({
      config: { ExposedPorts: { [`${PORT}/tcp`]: {} } },
      host: {
        Memory: 0,
        MemorySwap: 0,
        PortBindings: { [`${PORT}/tcp`]: [{ HostIp: '0.0.0.0', HostPort: String(port) }] },
      },
    }),
  },
  {
    name: 'shop-worker',
    planted: 'sees the processes of the host',
    command: ['sh', '/app/worker.sh'],
    body: () => ({ host: { PidMode: 'host' } }),
  },
];

/** The body of its create request. @param owner value of the owner label @param port free port of the host for what is published */
export function demoContainer(service: DemoService, owner: string, port: number): ContainerCreateBody {
  const { config, host } = service.body(port);
  return {
    Image: `${DEMO_IMAGE.repository}:${DEMO_IMAGE.tag}`,
    Cmd: service.command,
    User: '1000:1000',
    Labels: { [DEMO_LABEL]: 'true', [OWNER_LABEL]: owner },
    ...config,
    HostConfig: { ...HARDENED_HOST, NetworkMode: `${DEMO_NETWORK}-${owner}`, ...host },
    NetworkingConfig: { EndpointsConfig: { [`${DEMO_NETWORK}-${owner}`]: { Aliases: [service.name] } } },
  };
}
