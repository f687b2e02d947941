import type { CompiledRetention } from '../core/retention.ts';
import type { Core } from '../core/archive-core.ts';
import type { ErrorShape } from '../errors.ts';

/** What the worker is started with. */
export interface WorkerStart {
  readonly database: 'sqlite' | 'mongodb';
  /** Path of the file, or URL of the server. */
  readonly address: string;
  readonly retention: CompiledRetention;
}

/** Caller to worker: one call of `Core`. */
export interface Request {
  readonly id: number;
  readonly method: keyof Core;
  readonly args: readonly unknown[];
}

/** Worker to caller. `id` 0 tells how opening went. */
export type Response =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorShape };
