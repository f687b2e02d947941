import {
  breaches,
  formatCount,
  scanToJson,
  scanToJunit,
  scanToMarkdown,
  scanToNdjson,
  scanToSarif,
  scanToTable,
  type CatalogueCheck,
  type Gate,
  type ScanResult,
} from '@seatrial/report';
import { EXIT, type Severity } from '@seatrial/contracts';

import { paintFor } from '../output/print.ts';
import type { Flags } from '../parse/flags.ts';
import { UsageFault } from '../parse/fault.ts';
import type { Session } from '../session.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { VERSION } from '../version.ts';

/** A result and where to get the catalogue that SARIF wants. */
export interface Scanned {
  readonly result: ScanResult;
  readonly checks: () => Promise<readonly CatalogueCheck[]>;
}

/** `scan`: audits over the bus, or reads a file; prints every finding; exits with 3 when the gate objects. */
export const scan: VerbRun = async (invocation, session) => {
  const { flags } = invocation;
  const file = flags.text('inspect');
  if (file !== undefined) refuseBusFlags(flags);
  const exit = await (file === undefined
    ? (await import('./scan-bus.ts')).scanOverBus(invocation, session, (scanned) => finish(scanned, flags, session))
    : (await import('./scan-file.ts')).scanFile(file, session).then((scanned) => finish(scanned, flags, session)));
  return exit;
};

/** Prints the result and asks the gate. */
async function finish({ result, checks }: Scanned, flags: Flags, session: Session): Promise<number> {
  session.out(await textOf(result, checks, flags, session));
  const gate = gateOf(flags);
  const objections = breaches(result.findings, gate);
  if (objections.length === 0) return EXIT.ok;
  const level =
    gate.failOn === undefined
      ? '--fail-on-unknown'
      : `--fail-on ${gate.failOn}${gate.failOnUnknown === true ? ' --fail-on-unknown' : ''}`;
  session.err(`gate: ${formatCount(objections.length, 'finding')} at ${level}\n`);
  return EXIT.gate;
}

async function textOf(result: ScanResult, checks: Scanned['checks'], flags: Flags, session: Session): Promise<string> {
  switch (flags.text('output') ?? '') {
    case 'json':
      return scanToJson(result);
    case 'ndjson':
      return scanToNdjson(result);
    case 'sarif':
      return scanToSarif(result, await checks(), { version: VERSION });
    case 'junit':
      return scanToJunit(result);
    case 'md':
      return scanToMarkdown(result);
    default:
      return scanToTable(result, {
        width: session.width,
        wide: flags.text('output') === 'wide',
        paint: paintFor(flags, session),
      });
  }
}

function gateOf(flags: Flags): Gate {
  const failOn = flags.text('fail-on') as Severity | undefined;
  return { ...(failOn !== undefined && { failOn }), failOnUnknown: flags.on('fail-on-unknown') };
}

/** A file needs no bus: a flag that would do nothing is refused. */
function refuseBusFlags(flags: Flags): void {
  const named = ['bus', 'creds'].find((name) => flags.text(name) !== undefined);
  if (named !== undefined)
    throw new UsageFault(
      `--${named} does nothing with --inspect`,
      'A file is read without a bus; leave one of the two out.',
    );
}
