import { readFileSync } from 'node:fs';
import {
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';

import { DURABLE_PLANS, type DurablePlan } from './durables.ts';
import { ProvisionRefused, ProvisionUnreachable } from './errors.ts';
import { durableDifference, shrinkage, streamDifference } from './difference.ts';
import { ALL_STREAM_PLANS, type StreamPlan } from './streams.ts';

export interface ProvisionOptions {
  /** `nats://host:port` */
  readonly url: string;
  /** File of the provisioner's seed. */
  readonly seedFile: string;
  /** Deadline of connecting and of each request, ms. @default 10_000 */
  readonly timeoutMs?: number;
}

/** What was done, by name of stream or `<stream>/<durable>`. */
export interface Provisioned {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
}

type Step = 'created' | 'updated' | 'unchanged';

/**
 * Makes the streams, buckets and durables of the registry on the server what they should be. Safe to repeat, and safe beside running services.
 * @throws ProvisionUnreachable, ProvisionRefused when a change would lose stored messages or cannot be made in place
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const timeout = options.timeoutMs ?? 10_000;
  const nc = await open(options, timeout);
  try {
    const manager = await jetstreamManager(nc, { checkAPI: false, timeout });
    // Durables need their streams; within one kind the order does not matter.
    const streams = await Promise.all(ALL_STREAM_PLANS.map((plan) => named(plan.name, ensureStream(manager, plan))));
    const durables = await Promise.all(
      DURABLE_PLANS.map((plan) => named(`${plan.stream}/${plan.config.durable_name}`, ensureDurable(manager, plan))),
    );
    const all = [...streams, ...durables];
    const those = (step: Step): string[] => all.filter((one) => one.step === step).map((one) => one.name);
    return { created: those('created'), updated: those('updated'), unchanged: those('unchanged') };
  } finally {
    await nc.close();
  }
}

async function open({ url, seedFile }: ProvisionOptions, timeout: number): Promise<NatsConnection> {
  const seed = Buffer.from(readFileSync(seedFile, 'utf8').trim());
  try {
    return await connect({
      servers: url.split(','),
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: '_INBOX_provisioner',
      name: 'seatrial provision',
      timeout,
      reconnect: false,
    });
  } catch (error) {
    throw new ProvisionUnreachable(url, error);
  }
}

async function named(name: string, step: Promise<Step>): Promise<{ name: string; step: Step }> {
  try {
    return { name, step: await step };
  } catch (error) {
    if (error instanceof ProvisionRefused) throw error;
    throw new ProvisionRefused(
      name,
      `the server refuses it: ${error instanceof Error ? error.message : String(error)}`,
      'Look at the log of nats-server; its disk may be full, or the key may not be that of the provisioner.',
      error,
    );
  }
}

async function ensureStream(manager: JetStreamManager, plan: StreamPlan): Promise<Step> {
  const now = await absentAsUndefined(manager.streams.info(plan.name), JetStreamApiCodes.StreamNotFound);
  if (now === undefined) {
    // A copy: the client writes into what it is given.
    await manager.streams.add({ ...plan });
    return 'created';
  }
  if (streamDifference(now.config, plan).length === 0) return 'unchanged';
  refuseLoss(now, plan);
  await manager.streams.update(plan.name, plan);
  return 'updated';
}

/** A change that would drop stored messages is a decision of a person, not of a start. */
function refuseLoss(now: StreamInfo, plan: StreamPlan): void {
  const lost = shrinkage(now.config, plan);
  if (lost.length === 0 || (now.state.messages === 0 && lost.every((change) => change.inPlace))) return;
  const list = lost.map((change) => change.text).join(', ');
  throw new ProvisionRefused(
    plan.name,
    `${list}; it holds ${now.state.messages} messages`,
    `Nothing was changed. To accept the loss, change or delete it with the provisioner's key (\`nats stream edit ${plan.name}\`), then provision again.`,
  );
}

async function ensureDurable(manager: JetStreamManager, { stream, config }: DurablePlan): Promise<Step> {
  const name = config.durable_name;
  const now = await absentAsUndefined(manager.consumers.info(stream, name), JetStreamApiCodes.ConsumerNotFound);
  if (now === undefined) {
    await manager.consumers.add(stream, { ...config });
    return 'created';
  }
  if (durableDifference(now.config, config).length === 0) return 'unchanged';
  await manager.consumers.update(stream, name, { ...config });
  return 'updated';
}

async function absentAsUndefined<T>(asked: Promise<T>, absent: number): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === absent) return undefined;
    throw error;
  }
}
