import { Bus } from '@seatrial/bus';
import { compiled, spawnNode, type Broker, type NodeProcess } from '@seatrial/testing';

/** Starts the probe service on a broker, with the key of the service whose name it carries. */
export function startProbe(
  broker: Pick<Broker, 'url' | 'seedFile'>,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): NodeProcess {
  return spawnNode(compiled('./probe-service.ts', import.meta.url), {
    args,
    nodeArgs: ['--import', '@seatrial/service/telemetry'],
    env: { SEATRIAL_BUS: broker.url, SEATRIAL_CREDS: broker.seedFile('isolation-auditor'), ...env },
  });
}

/** Address of health and metrics, from the first line of its log: it is served before the bus answers. */
export async function healthUrl(probe: NodeProcess): Promise<string> {
  const line = await probe.line((text) => text.includes('health is served'));
  return (JSON.parse(line) as { health: string }).health;
}

/** Status code and body of one question. */
export async function ask(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A person who may send what the probe handles. */
export async function operator(broker: Broker): Promise<Bus> {
  return Bus.connect({
    url: broker.url,
    as: { person: 'operator', role: 'operator' },
    seedFile: broker.seedFile('operator'),
  });
}
