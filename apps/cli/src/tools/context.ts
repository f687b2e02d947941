import { join } from 'node:path';
import { installPackage, mayInstall } from '../engine/apt.ts';
import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';
import type { ToolContext } from './ensure-tool.ts';

/** Tools of this checkout, progress on stderr. @param install packages of the system may be installed for them, where this user can */
export function toolContext(
  layout: Layout,
  io: Io,
  { install, signal }: { readonly install: boolean; readonly signal?: AbortSignal | undefined },
): ToolContext {
  const say = (line: string): void => io.err(`${line}\n`);
  const apt = { env: io.env, logsDirectory: layout.logs, say, ...(signal && { signal }) };
  return {
    toolsDirectory: layout.tools,
    pinsDirectory: join(layout.root, 'infra', 'tools'),
    logsDirectory: layout.logs,
    env: io.env,
    say,
    ...(signal && { signal }),
    ...(install && mayInstall(io.env) && { installPip: () => installPackage('python3-pip', apt) }),
  };
}
