import { relative } from 'node:path';
import { SeatrialError, errorCode } from '@seatrial/contracts';
import type { Io } from '../io.ts';
import { layoutOf, type Layout } from '../layout.ts';
import { TOOLS, type Tool, type ToolName } from './catalogue.ts';
import { toolContext } from './context.ts';
import { ensureTool, type ReadyTool } from './ensure-tool.ts';
import { ToolUnknown } from './errors.ts';

export interface ToolsOptions {
  /** Which tools; none means all. */
  readonly names: readonly string[];
  readonly signal?: AbortSignal;
}

/** `tools [NAME...]`: fetches or builds them, prints one line for each. Goes on after a failure; the exit code is that of the first. */
export async function run(options: ToolsOptions, io: Io): Promise<number> {
  const layout = layoutOf(io.env);
  const wanted = options.names.length === 0 ? ['node', ...TOOLS.map((tool) => tool.name)] : options.names;
  const tools = wanted.map((name) => (name === 'node' ? undefined : toolNamed(name)));
  let exit = 0;
  for (const tool of tools) {
    if (!tool) {
      io.out(row({ name: 'node', version: process.versions.node, origin: 'launcher', path: process.execPath }, layout));
      continue;
    }
    try {
      io.out(row(await ensureTool(tool, toolContext(layout, io, { install: false, signal: options.signal })), layout));
    } catch (error) {
      if (!(error instanceof SeatrialError) || tools.length === 1) throw error;
      io.err(`error[${error.code}]: ${error.message}\n  hint:  ${error.hint}\n`);
      exit ||= errorCode(error.code).exit;
    }
  }
  return exit;
}

/** The tool of this name. @throws ToolUnknown */
export function toolNamed(name: ToolName | (string & {})): Tool {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (!tool) throw new ToolUnknown(name);
  return tool;
}

function row(tool: Pick<ReadyTool, 'name' | 'version' | 'path'> & { readonly origin: string }, layout: Layout): string {
  const path = tool.path.startsWith(`${layout.root}/`) ? relative(layout.root, tool.path) : tool.path;
  return `${tool.name.padEnd(12)} ${tool.version.padEnd(9)} ${tool.origin.padEnd(9)} ${path}\n`;
}
