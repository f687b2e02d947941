/** Linux capabilities by bit number, capabilities(7), without the prefix `CAP_`. */
export const CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** A set of capabilities as the kernel keeps it: bit n is capability n. */
export type CapabilitySet = bigint;

const NO_CAPABILITIES: CapabilitySet = 0n;
export const ALL_CAPABILITIES: CapabilitySet = (1n << BigInt(CAPABILITIES.length)) - 1n;

const BITS: ReadonlyMap<string, CapabilitySet> = new Map(CAPABILITIES.map((name, bit) => [name, 1n << BigInt(bit)]));

export function capabilitySet(names: readonly Capability[]): CapabilitySet {
  return names.reduce((set, name) => set | bitOf(name), NO_CAPABILITIES);
}

export function holds(set: CapabilitySet, name: Capability): boolean {
  return (set & bitOf(name)) !== 0n;
}

/** Names in `set`, alphabetical. Bits that this version does not know are named `CAP_<n>`. */
export function capabilityNames(set: CapabilitySet): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; set >> BigInt(bit) !== 0n; bit++) {
    if (((set >> BigInt(bit)) & 1n) === 1n) names.push(CAPABILITIES[bit] ?? `CAP_${bit}`);
  }
  return names.sort();
}

/** What Docker grants when nothing is said (moby `oci/caps/defaults.go`). */
export const DOCKER_DEFAULT = capabilitySet([
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
]);

/** What the engine makes of its flags, as moby's `caps.TweakCapabilities` does: `--cap-add ALL` wins over `--cap-drop ALL`, a single addition over a single removal. */
export function declaredCapabilities(options: {
  privileged: boolean;
  add: readonly string[];
  drop: readonly string[];
}): CapabilitySet {
  if (options.privileged) return ALL_CAPABILITIES;
  const add = options.add.map(plainName);
  const drop = options.drop.map(plainName);
  const added = setOfKnown(add);
  const dropped = setOfKnown(drop);
  if (add.includes('ALL')) return ALL_CAPABILITIES & ~dropped;
  if (drop.includes('ALL')) return added;
  return (DOCKER_DEFAULT & ~dropped) | added;
}

/** Reads the hexadecimal mask of `/proc/<pid>/status`. */
export function parseCapabilityMask(mask: string): CapabilitySet | undefined {
  return /^[0-9a-f]{1,16}$/i.test(mask) ? BigInt(`0x${mask}`) : undefined;
}

function bitOf(name: Capability): CapabilitySet {
  return BITS.get(name) ?? NO_CAPABILITIES;
}

function plainName(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}

function setOfKnown(names: readonly string[]): CapabilitySet {
  return names.reduce((set, name) => set | (BITS.get(name) ?? NO_CAPABILITIES), NO_CAPABILITIES);
}
