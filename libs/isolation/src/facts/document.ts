import { MalformedInspect } from '../errors.ts';
import { configHash } from './config-hash.ts';
import { declaredFacts, type DeclaredFacts, type DeclaredOptions } from './declared.ts';
import { effectiveFromEvidence, effectiveMissing, type EffectiveFacts } from './effective.ts';
import { isKnown, type Fact } from './fact.ts';
import { identityOf, type Identity } from './identity.ts';
import type { ProcessEvidence } from './process-evidence.ts';
import { isRecord, Section } from './section.ts';

/** One container as it is judged: who it is, what it was told, what the kernel says. */
export interface FactDocument extends Identity {
  readonly platform: 'docker';
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly image: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`; `unknown` when the document does not say. */
  readonly status: string;
  /** RFC 3339, as the engine writes it. */
  readonly createdAt?: string;
  /** False when there is no process to look at: then the configuration decides. */
  readonly hasProcess: boolean;
  /** Somebody reads `/proc` and cgroups on that host. Where nobody can, the configuration is all the evidence there is. */
  readonly observed: boolean;
  /** Pid on the host; 0 without a process. */
  readonly pid: number;
  /** Part of the demo application. */
  readonly demo: boolean;
  readonly configHash: string;
  readonly declared: DeclaredFacts;
  readonly effective: EffectiveFacts;
}

export interface DocumentOptions extends DeclaredOptions {
  /** Name of the machine or engine. */
  readonly host: string;
  /** `file`: a saved document; its process, if any, is not looked for. */
  readonly origin: 'engine' | 'file';
  /** What was read of its process; absent where nobody can read it. */
  readonly evidence?: ProcessEvidence;
  /** The engine confirmed, after a failed read, that the container has ended since it was inspected. */
  readonly ended?: boolean;
  readonly tenantOf?: (labels: Readonly<Record<string, string>>) => string | undefined;
}

/**
 * Makes the fact document of one container from an element of `docker inspect` (or `GET /containers/{id}/json`). Unknown fields are ignored, malformed ones become missing facts.
 * @throws {MalformedInspect} when it is no inspect document: no object, no id, no configuration
 */
export function factDocument(inspect: unknown, options: DocumentOptions): FactDocument {
  if (!isRecord(inspect)) throw new MalformedInspect('/', 'is not an object');
  const document = new Section(inspect, '');
  const id = requiredText(document, 'Id');
  for (const part of ['Config', 'HostConfig']) {
    if (!isRecord(inspect[part])) throw new MalformedInspect(`/${part}`, 'is not an object');
  }
  const config = document.section('Config');
  const name = cut(valueOf(document.text('Name'))?.replace(/^\//, '')) || id.slice(0, 12);
  const image = cut(valueOf(config.text('Image'))) || cut(valueOf(document.text('Image')));
  const createdAt = valueOf(document.text('Created'));
  const declared = declaredFacts(document, options);
  const identity = identityOf(config, options.host, name, options.tenantOf);
  const process = processOf(document.section('State'), options);
  return {
    platform: 'docker',
    id,
    name,
    host: options.host,
    image,
    ...identity,
    status: cut(valueOf(document.section('State').text('Status'))) || 'unknown',
    ...(createdAt === undefined ? {} : { createdAt }),
    ...process,
    observed: options.evidence !== undefined,
    demo: identity.labels['io.seatrial.demo'] !== undefined,
    configHash: configHash(image, declared),
    declared,
    effective: process.hasProcess ? effective(options.evidence) : effectiveMissing('gone', 'there is no process'),
  };
}

/** A state that cannot be read counts as running: then nothing passes for want of a process. */
function processOf(state: Section, options: DocumentOptions): { hasProcess: boolean; pid: number } {
  if (options.origin === 'file' || options.ended) return { hasProcess: false, pid: 0 };
  const running = valueOf(state.flag('Running')) ?? true;
  const pid = valueOf(state.number('Pid')) ?? -1;
  return { hasProcess: running && pid !== 0, pid: Math.max(pid, 0) };
}

function effective(evidence: ProcessEvidence | undefined): EffectiveFacts {
  return evidence
    ? effectiveFromEvidence(evidence)
    : effectiveMissing('unsupported', 'nobody reads /proc on this host');
}

function requiredText(document: Section, key: string): string {
  const fact = document.text(key);
  if (!isKnown(fact) || fact.value === '' || fact.value.length > 128)
    throw new MalformedInspect(`/${key}`, 'is not a text of 1 to 128 characters');
  return fact.value;
}

function valueOf<T>(fact: Fact<T>): T | undefined {
  return isKnown(fact) ? fact.value : undefined;
}

function cut(text: string | undefined): string {
  return text === undefined ? '' : text.toWellFormed().slice(0, 512);
}
