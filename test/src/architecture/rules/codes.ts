import { nodesOf, parseModule, stringOf, type SyntaxNode } from '../module.ts';
import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

const CODE = /(?<![\w-])[EW]-[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w*-]|-?…)/g;
const REGISTRY = 'contracts/src/errors/codes.ts';

/** What the rule needs to know of the registry. */
export interface CodeRegistry {
  readonly codes: readonly string[];
  /** Codes that nothing in the product raises, each with the reason why it is registered. */
  readonly unused: Readonly<Record<string, string>>;
}

/** Codes that are used but not registered, in sources, launcher and documents; and codes that are registered but not used. */
export function codeViolations(workspace: Workspace, { codes, unused }: CodeRegistry): Violation[] {
  const uses = [...sourceUses(workspace), ...textUses(workspace)];
  const registered = new Set(codes);
  const raised = new Set(uses.filter(({ shipped }) => shipped).map(({ code }) => code));
  return [
    ...uses
      .filter(({ code }) => !registered.has(code))
      .map(({ code, at }) => ({ at, what: `${code} is not in the registry` })),
    ...codes
      .filter((code) => !raised.has(code) && !(code in unused))
      .map((code) => ({ at: REGISTRY, what: `${code} is used nowhere` })),
    ...Object.keys(unused)
      .filter((code) => raised.has(code) || !registered.has(code))
      .map((code) => ({ at: REGISTRY, what: `${code} is listed as unused and is not` })),
  ];
}

interface CodeUse {
  readonly code: string;
  readonly at: string;
  readonly shipped: boolean;
}

/** Codes in string literals and templates; comments are no use. Specs may make up codes. */
function sourceUses(workspace: Workspace): CodeUse[] {
  return sourcesOf(workspace)
    .filter(({ path, test }) => !test && path !== REGISTRY)
    .flatMap(({ path, text }) => {
      const { program, lineOf } = parseModule(path, text);
      return [...nodesOf(program)].flatMap((node) =>
        [...(textOf(node)?.matchAll(CODE) ?? [])].map(([code]) => ({
          code,
          at: `${path}:${lineOf(node.start)}`,
          shipped: true,
        })),
      );
    });
}

function textOf(node: SyntaxNode): string | undefined {
  return node.type === 'TemplateElement' ? (node['value'] as { readonly raw: string }).raw : stringOf(node);
}

function textUses(workspace: Workspace): CodeUse[] {
  return [...workspace.files]
    .filter(([path]) => path === 'seatrial' || path.endsWith('.md'))
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) =>
        [...line.matchAll(CODE)].map(([code]) => ({
          code,
          at: `${path}:${index + 1}`,
          shipped: path === 'seatrial',
        })),
      ),
    );
}
