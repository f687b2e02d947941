import { saltedHash } from './digest.ts';
import { known, mapFact, type Fact } from './fact.ts';
import { environmentFacts, type EnvironmentFacts } from './environment.ts';
import { declaredMounts, tmpfsTargets, type DeclaredMount } from './mounts.ts';
import { publishedPorts, type PublishedPort } from './ports.ts';
import { isRecord, type Section } from './section.ts';
import { securityOptions, type SecurityOptions } from './security-options.ts';
import { declaredUser, type DeclaredUser } from './user.ts';

interface RestartPolicy {
  readonly name: string;
  readonly maximumRetryCount: number;
}

interface Healthcheck {
  /** `CMD`, `CMD-SHELL`, `NONE`; empty = inherited from nothing. */
  readonly kind: string;
  readonly digest: string;
}

/** What the configuration of a container says, field by field. Nothing in it names this incarnation: no id, no address, no time. */
export interface DeclaredFacts {
  readonly user: Fact<DeclaredUser>;
  readonly environment: Fact<EnvironmentFacts>;
  readonly healthcheck: Fact<Healthcheck | null>;
  readonly privileged: Fact<boolean>;
  readonly capAdd: Fact<readonly string[]>;
  readonly capDrop: Fact<readonly string[]>;
  readonly securityOptions: Fact<SecurityOptions>;
  readonly maskedPaths: Fact<readonly string[]>;
  readonly readonlyPaths: Fact<readonly string[]>;
  readonly pidMode: Fact<string>;
  readonly networkMode: Fact<string>;
  readonly ipcMode: Fact<string>;
  readonly utsMode: Fact<string>;
  readonly cgroupnsMode: Fact<string>;
  readonly usernsMode: Fact<string>;
  /** Bytes; 0 = unlimited. */
  readonly memory: Fact<number>;
  readonly nanoCpus: Fact<number>;
  readonly cpuQuota: Fact<number>;
  readonly cpuShares: Fact<number>;
  /** null, 0 and -1 = unlimited. */
  readonly pidsLimit: Fact<number | null>;
  /** null where the engine has no such switch (cgroup v2). */
  readonly oomKillDisable: Fact<boolean | null>;
  readonly oomScoreAdj: Fact<number>;
  readonly cgroupParent: Fact<string>;
  readonly mounts: Fact<readonly DeclaredMount[]>;
  readonly tmpfs: Fact<readonly string[]>;
  readonly readonlyRootfs: Fact<boolean>;
  /** Paths on the host. */
  readonly devices: Fact<readonly string[]>;
  readonly deviceCgroupRules: Fact<readonly string[]>;
  readonly sysctls: Fact<readonly string[]>;
  readonly ports: Fact<readonly PublishedPort[]>;
  readonly groupAdd: Fact<readonly string[]>;
  readonly restartPolicy: Fact<RestartPolicy>;
  readonly runtime: Fact<string>;
}

export interface DeclaredOptions {
  /** Salt of the hashes of secrets; it stays on the host. */
  readonly salt: string;
  /** Sources of binds with symbolic links resolved, as far as the caller could. */
  readonly realSources?: ReadonlyMap<string, string>;
}

/** Normalises an inspect document. Never throws: what cannot be read is a missing fact. */
export function declaredFacts(document: Section, options: DeclaredOptions): DeclaredFacts {
  const config = document.section('Config');
  const host = document.section('HostConfig');
  return {
    user: declaredUser(config),
    environment: environmentFacts(config, options.salt),
    healthcheck: healthcheck(config, options.salt),
    privileged: host.flag('Privileged'),
    capAdd: host.texts('CapAdd'),
    capDrop: host.texts('CapDrop'),
    securityOptions: securityOptions(host),
    maskedPaths: host.texts('MaskedPaths'),
    readonlyPaths: host.texts('ReadonlyPaths'),
    pidMode: host.text('PidMode'),
    networkMode: host.text('NetworkMode'),
    ipcMode: host.text('IpcMode'),
    utsMode: host.text('UTSMode'),
    cgroupnsMode: host.text('CgroupnsMode'),
    usernsMode: host.text('UsernsMode'),
    memory: host.number('Memory'),
    nanoCpus: host.number('NanoCpus'),
    cpuQuota: host.number('CpuQuota'),
    cpuShares: host.number('CpuShares'),
    pidsLimit: host.optionalNumber('PidsLimit'),
    oomKillDisable: host.optionalFlag('OomKillDisable'),
    oomScoreAdj: host.number('OomScoreAdj'),
    cgroupParent: host.text('CgroupParent'),
    mounts: declaredMounts(document, host, options.realSources ?? new Map()),
    tmpfs: tmpfsTargets(host),
    readonlyRootfs: host.flag('ReadonlyRootfs'),
    devices: host.list('Devices', 'a device', (item) =>
      isRecord(item) && typeof item['PathOnHost'] === 'string' ? item['PathOnHost'] : undefined,
    ),
    deviceCgroupRules: host.texts('DeviceCgroupRules'),
    // Left out by the engine when empty.
    sysctls: mapFact(
      host.record('Sysctls', 'a text', (value) => (typeof value === 'string' ? value : undefined), {}),
      (values) => Object.keys(values).sort(),
    ),
    ports: publishedPorts(config, host),
    groupAdd: host.texts('GroupAdd'),
    restartPolicy: restartPolicy(host),
    // Left out by the engine when it is its default.
    runtime: host.text('Runtime', ''),
  };
}

/** The command may hold a secret: only its first word, which is CMD, CMD-SHELL or NONE, and a salted hash are kept. */
function healthcheck(config: Section, salt: string): Fact<Healthcheck | null> {
  // Left out by the engine when there is none.
  const ref = config.pointerTo('Healthcheck');
  const present = config.raw('Healthcheck');
  if ((present === undefined && config.exists) || present === null) return known(null, ref);
  const test = config
    .section('Healthcheck')
    .list('Test', 'a text', (word) => (typeof word === 'string' ? word : undefined), []);
  return mapFact(test, (words) => ({
    kind: (words[0] ?? '').slice(0, 20),
    digest: saltedHash(salt, words.join('\u0000')),
  }));
}

function restartPolicy(host: Section): Fact<RestartPolicy> {
  return host.fact('RestartPolicy', 'a restart policy', (value) => {
    if (!isRecord(value) || typeof value['Name'] !== 'string') return undefined;
    const count = value['MaximumRetryCount'] ?? 0;
    return typeof count === 'number' ? { name: value['Name'], maximumRetryCount: count } : undefined;
  });
}
