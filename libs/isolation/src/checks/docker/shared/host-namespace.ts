import type { FactDocument } from '../../../facts/document.ts';
import { isKnown, whyMissing, type Fact } from '../../../facts/fact.ts';
import type { SharedKind } from '../../../facts/peer-index.ts';
import type { CheckInput } from '../../define.ts';
import { cite, fail, pass, unknown, type Fault, type Outcome } from '../../outcome.ts';

/** Verdict on one namespace: is it the host's? By inode where there is a process, by configuration where there is none. */
export function judgeHostNamespace(
  input: CheckInput,
  kind: SharedKind | 'uts',
  mode: Fact<string>,
  fault: Fault,
): Outcome {
  const { document, host } = input;
  if (!document.hasProcess) return configuredVerdict(input, kind, mode, fault);

  const reference = host.namespaces[kind];
  const own = document.effective.namespaces[kind];
  if (document.observed && isKnown(own) && isKnown(reference)) {
    const cites = [
      cite('effective', own),
      cite('engine', reference),
      ...(isKnown(mode) ? [cite('declared', mode)] : []),
    ];
    return own.value === reference.value
      ? fail(fault, 'effective', cites)
      : pass(`Its ${kind} namespace is not the host's.`, 'effective', cites);
  }
  // Configuration can convict a running container, not acquit it: what it joined, and what became of it, only the kernel knows.
  const configured = configuredVerdict(input, kind, mode, fault);
  if (configured.status === 'fail') return { ...configured, partial: true };
  if (!isKnown(own)) return unknown(`the ${kind} namespace of the running process cannot be read (${whyMissing(own)})`);
  return unknown(
    isKnown(reference)
      ? 'the process is not observed'
      : `the ${kind} namespace of the host cannot be read (${whyMissing(reference)})`,
  );
}

function configuredVerdict(
  { document, peers, host }: CheckInput,
  kind: SharedKind | 'uts',
  mode: Fact<string>,
  fault: Fault,
): Outcome {
  if (!isKnown(mode)) return unknown(`the configuration does not say it (${whyMissing(mode)})`);
  const cites = [cite('declared', mode)];
  if (kind === 'uts')
    return mode.value === 'host'
      ? fail(fault, 'declared', cites)
      : pass('It is configured with a uts namespace of its own.', 'declared', cites);
  const declared = peers.declaredNamespace(document, kind);
  switch (declared.kind) {
    case 'host':
      return fail(fault, 'declared', cites);
    case 'private':
      return pass(`It is configured with a ${kind} namespace of its own.`, 'declared', cites);
    case 'joined':
      return joinedVerdict(declared.owner, kind, host.namespaces[kind], fault, cites);
    case 'unknown':
      return unknown(declared.why, 'declared', cites);
  }
}

/** `container:X` takes the verdict of X. */
function joinedVerdict(
  owner: FactDocument,
  kind: SharedKind,
  reference: Fact<string>,
  fault: Fault,
  cites: Outcome['cites'],
): Outcome {
  if (!owner.hasProcess)
    return pass(`It joins the ${kind} namespace of ${owner.name}, which is not the host's.`, 'declared', cites);
  const joined = owner.effective.namespaces[kind];
  if (!isKnown(joined) || !isKnown(reference))
    return unknown(
      `the ${kind} namespace of ${owner.name}, which it joins, cannot be compared with the host's`,
      'declared',
      cites,
    );
  return joined.value === reference.value
    ? fail(fault, 'declared', cites)
    : pass(`It joins the ${kind} namespace of ${owner.name}, which is not the host's.`, 'declared', cites);
}
