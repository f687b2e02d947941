import { contractOfSubject, contractOfType, CONTRACTS, SeatrialError, type SomeContract } from '@seatrial/contracts';

import { nearest } from '../parse/nearest.ts';

/** No contract has this subject or type. */
export class ContractUnknown extends SeatrialError {
  static readonly code = 'E-CONTRACT-UNKNOWN';
  constructor(what: string) {
    const near = nearest(
      what,
      CONTRACTS.flatMap(({ type, subject }) => [type, subject]),
    );
    super(`no contract has the subject or type "${what}"`, {
      code: ContractUnknown.code,
      ...(near.length > 0 && { hint: `Did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?` }),
      details: { nearest: near },
    });
  }
}

/** The payload does not fit its contract; nothing was sent. */
export class PayloadInvalid extends SeatrialError {
  static readonly code = 'E-CONTRACT-PAYLOAD';
  constructor(contract: SomeContract, issues: readonly PayloadIssue[]) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(
      `${contract.type}: ${first === undefined ? 'invalid' : `${first.pointer === '' ? 'the payload' : first.pointer}: ${first.message}`}${more}`,
      {
        code: PayloadInvalid.code,
        hint: `Nothing was sent. The schema of ${contract.type} is in the contracts reference.`,
        details: { type: contract.type, issues },
      },
    );
  }
}

/** One place of a payload and what is wrong there. */
export interface PayloadIssue {
  /** JSON pointer; empty for the payload itself. */ readonly pointer: string;
  readonly message: string;
}

/** The contract that a person names by type (`isolation.finding`) or by a concrete subject. @throws ContractUnknown */
export function contractOf(what: string): SomeContract {
  const contract = contractOfType(what) ?? contractOfSubject(what);
  if (contract === undefined) throw new ContractUnknown(what);
  return contract;
}

/** The subject filter that a person means: a subject as it is, a type as the filter of its contract. @throws ContractUnknown for a word that is neither */
export function filterOf(what: string): string {
  const contract = contractOfType(what);
  if (contract !== undefined) return contract.filter;
  if (/^(\$|_INBOX|seatrial\.|[*>])/.test(what)) return what;
  throw new ContractUnknown(what);
}

/** The payload as its contract's sender must write it. @throws PayloadInvalid with the JSON pointer of every fault */
export function checkedPayload(contract: SomeContract, data: unknown): never {
  const parsed = contract.schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new PayloadInvalid(
    contract,
    parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message,
    })),
  );
}

/** Payload text from the command line: JSON, or `-` for standard input. @throws PayloadInvalid */
export async function readPayload(
  contract: SomeContract,
  text: string,
  readInput: () => Promise<string>,
): Promise<unknown> {
  const json = text === '-' ? await readInput() : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new PayloadInvalid(contract, [
      { pointer: '', message: `not JSON: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  }
}
