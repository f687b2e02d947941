import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream } from 'pino';

import { withoutPasswords } from '../config/redact.ts';
import type { ServiceSettings } from '../config/settings.ts';

/** The log of a service: one line of JSON for each failure that was settled, none for a success. `err` is the field of an error. */
export interface ServiceLog {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
  /** The same log with fields on every line. */
  child(fields: object): ServiceLog;
}

/** Fields that never reach a line, wherever a caller puts them. */
const SECRET_FIELDS = ['password', 'secret', 'seed', 'token', 'authorization', 'creds'];

export interface ServiceLogOptions {
  readonly service: string;
  readonly version: string;
  readonly instance: string;
  readonly level: ServiceSettings['logLevel'];
  /** @default standard output, written at once: the last line before a crash is the one that matters */
  readonly to?: DestinationStream;
}

/** Opens the log. Lines carry the trace and span that was active. */
export function openLog({ service, version, instance, level, to }: ServiceLogOptions): ServiceLog {
  return pino(
    {
      level,
      base: { service, version, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((name) => `*.${name}`)], censor: '***' },
      serializers: { err: errorFields },
      mixin: traceFields,
    },
    to ?? pino.destination({ fd: 1, sync: true }),
  );
}

function traceFields(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** How many causes of an error are followed. */
const MOST_CAUSES = 5;

/**
 * What a line says of an error: never all of its properties, for foreign errors carry requests, arguments and environments. The stack is only
 * of errors without a code of ours: those are defects.
 */
function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return withoutPasswords(String(error));
  const { code, hint } = error as { code?: unknown; hint?: unknown };
  const ours = typeof code === 'string' && /^[EW]-/.test(code);
  return {
    type: error.name,
    message: withoutPasswords(error.message),
    ...(typeof code === 'string' && { code }),
    ...(typeof hint === 'string' && { hint }),
    ...(!ours && error.stack !== undefined && { stack: withoutPasswords(error.stack) }),
    ...(error.cause !== undefined && depth < MOST_CAUSES && { cause: errorFields(error.cause, depth + 1) }),
  };
}
