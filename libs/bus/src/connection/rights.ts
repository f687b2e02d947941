import {
  CONTRACTS,
  contractOfSubject,
  Frames,
  PERSON_ROLES,
  type PersonRole,
  type SomeContract,
} from '@seatrial/contracts';

/** Who may publish to a subject, for the text of a refusal: services, the least role of people, or nobody. From the registry, as the rights themselves are. */
export function mayPublish(subject: string): string {
  const contract = contractOfSubject(subject) ?? contractBehind(subject);
  if (contract === undefined) return 'nobody outside the owner';
  if (contract.kind === 'evt' || contract.kind === 'met') return `service ${contract.owner}`;
  const people = contract.role === 'service' ? [] : [`role ${rolesFrom(contract.role).join(', ')}`];
  const callers = contract.callers.length === 0 ? [] : [`service ${contract.callers.join(', ')}`];
  return [...people, ...callers].join(' and ') || 'nobody';
}

/** Who may read a subject, for the text of a refusal. */
export function mayRead(subject: string): string {
  const [, kind] = subject.split('.');
  const contract = contractOfSubject(subject) ?? contractBehind(subject);
  if (contract?.kind === 'evt' || contract?.kind === 'met') {
    const services = [...new Set([contract.owner, ...contract.consumers])].join(', ');
    // Frames are what live views show; the samples behind them are too many for a person.
    const people = contract.kind === 'evt' || contract.type === Frames.type ? PERSON_ROLES.join(', ') : 'admin';
    return `service ${services} and role ${people}`;
  }
  if (kind === 'evt') return `role ${PERSON_ROLES.join(', ')}`;
  if (kind === 'dlq' || kind === 'aud' || kind === 'met' || subject.startsWith('seatrial.')) return 'role admin';
  if (subject.startsWith('_INBOX')) return 'its owner';
  return 'nobody outside the owner';
}

/** A filter with wildcards names the contracts under it; the first stands for all. */
function contractBehind(subject: string): SomeContract | undefined {
  const stem = subject.replace(/\.?[*>].*$/, '');
  return CONTRACTS.find((contract) => contract.subject === stem);
}

function rolesFrom(least: PersonRole): readonly PersonRole[] {
  return PERSON_ROLES.slice(PERSON_ROLES.indexOf(least));
}
