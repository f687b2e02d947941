import type { PersonRole } from '@seatrial/contracts';

import type { Flags } from '../parse/flags.ts';
import type { Session } from '../session.ts';

/** What is completed for an argument or a flag's value besides fixed choices. */
export type Completes = 'kind' | 'object' | 'check' | 'topic' | 'contract' | 'file';

/** A positional argument. */
export interface ArgumentSpec {
  /** Upper-case name as in the usage line. */
  readonly name: string;
  readonly doc: string;
  /** @default false */ readonly required?: boolean;
  /** Takes all that follow; last argument only. @default false */ readonly variadic?: boolean;
  /** The only values that are taken. */ readonly choices?: readonly string[];
  /** Values that completion offers; the verb itself says what it takes. */ readonly offers?: readonly string[];
  readonly completes?: Completes;
}

/** A flag. Without `value` it is a switch. */
export interface FlagSpec {
  /** Long name without dashes: `fail-on`. */
  readonly name: string;
  /** One letter. */ readonly short?: string;
  /** Placeholder of its value: `LEVEL`. */ readonly value?: string;
  readonly doc: string;
  readonly choices?: readonly string[];
  /** How the value is read. @default 'text' */ readonly type?: 'text' | 'list' | 'integer' | 'duration';
  /** Used and shown in help when the flag is absent, as it would be typed. */ readonly default?: string;
  /** Kinds it filters; with another kind it is an error. Absent: all. */ readonly kinds?: readonly string[];
  readonly completes?: Completes;
  /** Heading in help. @default 'Flags' */ readonly group?: string;
}

/** A command line and what it does. */
interface Example {
  /** Without the program's name. */ readonly line: string;
  readonly does: string;
}

/** What the command line asked for, parsed and checked. */
export interface Invocation {
  readonly verb: VerbSpec;
  readonly args: readonly string[];
  readonly flags: Flags;
}

/** Carries a verb out; returns the exit code. Results go to `session.out`, all else to `session.err`. */
export type VerbRun = (invocation: Invocation, session: Session) => Promise<number>;

/** One verb. This table is the only source of the parser, the help, the completion and the reference page. */
export interface VerbSpec {
  /** `get`, or `dlq list` for a verb in two words. */
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** Sentences for its own help. */
  readonly doc?: string;
  readonly args?: readonly ArgumentSpec[];
  readonly flags?: readonly FlagSpec[];
  readonly examples: readonly Example[];
  /** Least role of the person on the bus; `none`: the bus is not used. */
  readonly role: PersonRole | 'none';
  /** Types of the messages it sends (`isolation.audit-start`) and follows. */
  readonly subjects?: readonly string[];
  /** Brings the code; nothing of it is loaded for help and completion. */
  readonly load: () => Promise<VerbRun>;
}
