import { join } from 'node:path';
import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';
import type { ToolContext } from './ensure-tool.ts';

/** Tools of this checkout, progress on stderr. */
export function toolContext(layout: Layout, io: Io, signal?: AbortSignal): ToolContext {
  return {
    toolsDirectory: layout.tools,
    pinsDirectory: join(layout.root, 'infra', 'tools'),
    logsDirectory: layout.logs,
    env: io.env,
    say: (line) => io.err(`${line}\n`),
    ...(signal ? { signal } : {}),
  };
}
