import type { AuditScope } from '@seatrial/contracts';
import type { FactDocument, TargetAudit } from '@seatrial/isolation';

import { ContainerIdInvalid, ContainerUnknown } from '../errors.ts';

/** Shortest prefix of an id: what `docker ps` shows. */
const MIN_PREFIX = 12;

type Names = Pick<FactDocument, 'id' | 'name' | 'identity'>;

/** True when the word is the name, the identity or the id of the container, or enough of the id. */
export function isNamed({ id, name, identity }: Names, word: string): boolean {
  return word === name || word === identity || word === id || (word.length >= MIN_PREFIX && id.startsWith(word));
}

/** True when the scope names the container, or names nothing. */
export function inScope(container: Names & Pick<FactDocument, 'labels'>, scope: AuditScope): boolean {
  const named = scope.targets?.some((word) => isNamed(container, word)) ?? true;
  const labelled = Object.entries(scope.labels ?? {}).every(
    ([label, value]) => container.labels[label] !== undefined && (value === '' || container.labels[label] === value),
  );
  return named && labelled;
}

/** The one audit that the word names. @throws ContainerUnknown, ContainerIdInvalid */
export function oneOf(audits: readonly TargetAudit[], word: string): TargetAudit {
  const exact = audits.filter(({ target }) => [target.name, target.id, target.identity].includes(word));
  const found = exact.length > 0 ? exact : audits.filter(({ target }) => isNamed(target, word));
  const [audit] = found;
  if (audit !== undefined && found.length === 1) return audit;
  if (found.length > 1) throw new ContainerIdInvalid(word, `fits ${found.length} containers`);
  throw unknown(word, audits);
}

/** @throws ContainerUnknown or ContainerIdInvalid for a word of the scope that names none of these */
export function assertScope(scope: AuditScope, audits: readonly TargetAudit[]): void {
  for (const word of scope.targets ?? [])
    if (!audits.some(({ target }) => isNamed(target, word))) throw unknown(word, audits);
}

function unknown(word: string, audits: readonly TargetAudit[]): Error {
  const names = audits.map(({ target }) => target.name);
  const isShortId = word.length < MIN_PREFIX && audits.some(({ target }) => target.id.startsWith(word));
  if (isShortId) return new ContainerIdInvalid(word, 'is too short for an id');
  const near = names
    .map((name) => ({ name, score: commonStart(name, word) + (name.includes(word) ? word.length : 0) }))
    .filter(({ score }) => score >= 3)
    .toSorted((a, b) => b.score - a.score);
  return new ContainerUnknown(
    word.slice(0, 100),
    near.slice(0, 3).map(({ name }) => name),
  );
}

function commonStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
