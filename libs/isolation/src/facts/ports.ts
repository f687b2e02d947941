import { isKnown, known, missing, type Fact } from './fact.ts';
import { isRecord, type Section } from './section.ts';

/** One port of a container that is published on the host. */
export interface PublishedPort {
  /** Port and protocol in the container, e.g. `80/tcp`. */
  readonly container: string;
  /** Address on the host; empty = all. */
  readonly hostIp: string;
  /** As configured; empty = the engine chooses. */
  readonly hostPort: string;
  readonly ref: string;
}

/** Reads `HostConfig.PortBindings`, and what `--publish-all` makes of the exposed ports: those are on all addresses, on ports that the engine chooses. */
export function publishedPorts(config: Section, host: Section): Fact<readonly PublishedPort[]> {
  const bindings = host.record('PortBindings', 'a list of bindings', (value) =>
    value === null ? [] : Array.isArray(value) ? value : undefined,
  );
  if (!isKnown(bindings)) return bindings;
  const ports: PublishedPort[] = [];
  for (const [container, list] of Object.entries(bindings.value)) {
    for (const binding of list) {
      const port = publishedPort(container, binding, bindings.ref);
      if (!port) return missing('unsupported', `${bindings.ref} holds something that is no binding`, bindings.ref);
      ports.push(port);
    }
  }
  if (bindings.truncated) return { ...bindings, value: ports };
  const all = host.flag('PublishAllPorts');
  if (isKnown(all) && all.value) {
    const bound = new Set(ports.map((port) => port.container));
    for (const container of exposedPorts(config)) {
      if (!bound.has(container)) ports.push({ container, hostIp: '', hostPort: '', ref: all.ref });
    }
  }
  return known(ports, bindings.ref);
}

function publishedPort(container: string, binding: unknown, ref: string): PublishedPort | undefined {
  if (!isRecord(binding)) return undefined;
  const { HostIp: hostIp = '', HostPort: hostPort = '' } = binding;
  if (typeof hostIp !== 'string' || typeof hostPort !== 'string') return undefined;
  return { container: container.slice(0, 40), hostIp: hostIp.slice(0, 64), hostPort: hostPort.slice(0, 16), ref };
}

function exposedPorts(config: Section): readonly string[] {
  const exposed = config.record('ExposedPorts', 'an object', () => true, {});
  return isKnown(exposed) ? Object.keys(exposed.value).sort() : [];
}

/** Addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(address);
}

/** Addresses that stand for all interfaces. */
export function isWildcard(address: string): boolean {
  const plain = address.replace(/^\[(.*)\]$/, '$1');
  return plain === '' || plain === '0.0.0.0' || /^[0:]*::[0:]*$/.test(plain) || /^0(?::0){7}$/.test(plain);
}
