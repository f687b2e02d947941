import type { TestContainerSpec } from '@seatrial/testing';

/** Configurations as they are found in the field: some plain, some hardened, some with a defect. */
const PROFILES: readonly TestContainerSpec[] = [
  {},
  { hostConfig: { Memory: 64 * 2 ** 20, NanoCpus: 5e8, PidsLimit: 64 } },
  {
    user: '65534:65534',
    hostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Memory: 64 * 2 ** 20,
      NanoCpus: 5e8,
      PidsLimit: 64,
    },
  },
  { hostConfig: { PidMode: 'host' } },
  { hostConfig: { CapAdd: ['SYS_ADMIN'] } },
  { hostConfig: { Binds: ['/etc:/host/etc:ro', '/opt:/opt'] } },
  { hostConfig: { SecurityOpt: ['seccomp=unconfined'] } },
  { env: ['API_TOKEN=bench', 'PATH=/bin', 'MODE=production'] },
  { hostConfig: { MaskedPaths: [], ReadonlyPaths: [], Sysctls: { 'kernel.msgmax': '65536' } } },
  { hostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] } },
];

/** Of the n-th container. Without a network, because dozens of them on one bridge are slow to start. */
export function profile(n: number): TestContainerSpec {
  const spec = PROFILES[n % PROFILES.length] ?? {};
  return { ...spec, hostConfig: { NetworkMode: 'none', ...spec.hostConfig } };
}
