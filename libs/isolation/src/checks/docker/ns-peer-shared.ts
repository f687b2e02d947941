import { isKnown, valueOr } from '../../facts/fact.ts';
import { sameTrustDomain, SHARED_KINDS, type SharedKind } from '../../facts/peer-index.ts';
import { defineCheck, type CheckInput } from '../define.ts';
import { cite, fail, pass, unknown, type Cite } from '../outcome.ts';

/** Two workloads of different trust in one namespace. Sharing the host's is another check's matter. */
export const nsPeerShared = defineCheck({
  id: 'dkr.ns.peer_shared',
  title: 'Container shares a namespace with a stranger',
  severity: 'medium',
  platform: 'docker',
  why: 'Containers in one PID, network or IPC namespace are one trust domain: each can watch, signal or impersonate the other.',
  passesWhen:
    'No container of another trust domain is in its PID, network or IPC namespace. One tenant, one compose project or one pod is one domain.',
  remedy:
    'Give it a namespace of its own, or declare what belongs together (compose project, pod, label io.seatrial.tenant).',
  howToTest: 'readlink /proc/PID/ns/{pid,net,ipc} for the first process of each container: no two lines are equal.',
  maps: ['NIST SC-39'],
  evaluate(input) {
    const shared: string[] = [];
    const peers = new Set<string>();
    const cites: Cite[] = [];
    const unread: SharedKind[] = [];
    for (const kind of SHARED_KINDS) {
      if (onHost(input, kind)) continue;
      const strangers = strangersIn(input, kind);
      if (strangers.length > 0) {
        shared.push(kind);
        for (const peer of strangers) peers.add(peer.name);
        const namespace = input.effective.namespaces[kind];
        if (isKnown(namespace)) cites.push(cite('effective', namespace));
      }
      if (isUnread(input, kind)) unread.push(kind);
    }
    const confidence = input.document.hasProcess && input.document.observed ? 'effective' : 'declared';
    if (shared.length > 0) {
      return fail(
        {
          message: `It shares its ${shared.join(', ')} namespace with ${[...peers].slice(0, 5).join(', ')}.`,
          normal: shared,
        },
        confidence,
        cites,
        unread.length > 0,
      );
    }
    if (unread.length > 0) return unknown(`whose ${unread.join(', ')} namespace it is in cannot be known`);
    return pass('It shares no namespace with another trust domain.', confidence);
  },
});

/** A running process is asked, not its configuration; without a process the configuration must say whom it joins. */
function isUnread({ document, effective, peers }: CheckInput, kind: SharedKind): boolean {
  if (document.hasProcess) return !isKnown(effective.namespaces[kind]);
  return peers.declaredNamespace(document, kind).kind === 'unknown';
}

function strangersIn({ document, peers }: CheckInput, kind: SharedKind): readonly { readonly name: string }[] {
  const found = peers.sharing(document, kind);
  const declared = peers.declaredNamespace(document, kind);
  const candidates = declared.kind === 'joined' && !found.includes(declared.owner) ? [...found, declared.owner] : found;
  return candidates.filter((peer) => !sameTrustDomain(document, peer));
}

function onHost({ document, effective, host, peers }: CheckInput, kind: SharedKind): boolean {
  const own = effective.namespaces[kind];
  if (isKnown(own) && own.value === valueOr(host.namespaces[kind], '')) return true;
  return peers.declaredNamespace(document, kind).kind === 'host';
}
