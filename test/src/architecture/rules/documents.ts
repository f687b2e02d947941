import { posix } from 'node:path';
import { anchors, codeBlocks, links, type CodeBlock } from '../markdown.ts';
import type { Violation, Workspace } from '../workspace.ts';

/** Languages of blocks that show something; `sh` blocks are run by test/src/e2e/docs. */
const SHOWN = new Set(['console', 'text', 'json', 'yaml', 'ts', 'sh']);
const ATTRIBUTES = new Set(['needs', 'not-run']);

/** Relative links that lead nowhere, and fenced blocks that do not say what they are. */
export function documentViolations(workspace: Workspace): Violation[] {
  return [...workspace.files]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, text]) => [
      ...links(text).flatMap(({ line, target }) => {
        const what = linkFault(workspace, path, target);
        return what === undefined ? [] : [{ at: `${path}:${line}`, what }];
      }),
      ...(text.includes('<!-- Generated from') ? [] : codeBlocks(text)).flatMap((block) =>
        blockFaults(block).map((what) => ({ at: `${path}:${block.line}`, what })),
      ),
    ]);
}

function linkFault({ files }: Workspace, from: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return target.startsWith('https://') ? undefined : `${target} is not https`;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : posix.join(posix.dirname(from), path);
  const text = files.get(file);
  const folder = file.endsWith('/') ? file : `${file}/`;
  if (text === undefined)
    return [...files.keys()].some((each) => each.startsWith(folder)) ? undefined : `${target} leads nowhere`;
  return anchor === undefined || anchors(text).has(anchor) ? undefined : `${target}: there is no such heading`;
}

function blockFaults({ language, attributes }: CodeBlock): string[] {
  const faults = SHOWN.has(language)
    ? []
    : [`a block of language ${JSON.stringify(language)}; sh is run, console and text are output`];
  for (const [key, value] of attributes) {
    if (!ATTRIBUTES.has(key) || language !== 'sh') faults.push(`${key} means nothing here`);
    else if (value === '') faults.push(`${key} says nothing`);
  }
  return faults;
}
