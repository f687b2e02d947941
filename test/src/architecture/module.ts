import { parseSync, type Comment, type Program } from 'oxc-parser';

/** One mention of another module, in any of the ways a source can mention one. */
export interface ModuleImport {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** `all` for `export *`, `url` for `new URL(specifier, import.meta.url)`. */
  readonly form: 'import' | 'export' | 'all' | 'dynamic' | 'type' | 'require' | 'url';
  /** Gone after compilation: `import type`. */
  readonly erased: boolean;
}

/** A parsed source, as far as the rules look at it. */
export interface ParsedModule {
  readonly imports: readonly ModuleImport[];
  readonly comments: readonly Comment[];
  readonly program: Program;
  /** From 1. */
  readonly lineOf: (offset: number) => number;
}

/** A node of the syntax tree; its other fields by name. */
export type SyntaxNode = { readonly type: string; readonly start: number; readonly end: number } & Readonly<
  Record<string, unknown>
>;

const parsed = new Map<string, ParsedModule>();

/** Parses a source. The same text is parsed once a process. @throws Error where the text is no TypeScript */
export function parseModule(path: string, text: string): ParsedModule {
  const known = parsed.get(text);
  if (known) return known;
  const result = parseSync(path, text);
  const fault = result.errors[0];
  if (fault) throw new Error(`${path}: ${fault.message}`);
  const { program, comments } = result;
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;
  const module = { imports: importsOf(program, lineOf), comments, program, lineOf };
  parsed.set(text, module);
  return module;
}

/** Every node of a tree, parents first. */
export function* nodesOf(root: unknown): Generator<SyntaxNode> {
  if (Array.isArray(root)) {
    for (const each of root) yield* nodesOf(each);
  } else if (isNode(root)) {
    yield root;
    for (const key in root) {
      if (typeof root[key] === 'object') yield* nodesOf(root[key]);
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function importsOf(program: Program, lineOf: (offset: number) => number): ModuleImport[] {
  const found: ModuleImport[] = [];
  for (const node of nodesOf(program)) {
    const mention = mentionOf(node);
    if (mention) found.push({ ...mention, line: lineOf(node.start), erased: isErased(node) });
  }
  return found;
}

type Mention = Pick<ModuleImport, 'specifier' | 'form'>;

function isErased(node: SyntaxNode): boolean {
  return node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type';
}

function mentionOf(node: SyntaxNode): Mention | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return mention('import', node['source']);
    case 'ExportNamedDeclaration':
      return mention('export', node['source']);
    case 'ExportAllDeclaration':
      return mention('all', node['source']);
    case 'ImportExpression':
      return mention('dynamic', node['source']);
    case 'TSImportType':
      return mention('type', node['source'] ?? node['argument']);
    case 'TSExternalModuleReference':
      return mention('require', node['expression']);
    case 'CallExpression':
      return nameOf(node['callee']) === 'require' ? mention('require', first(node)) : undefined;
    case 'NewExpression':
      return nameOf(node['callee']) === 'URL' && (node['arguments'] as unknown[]).length === 2
        ? mention('url', first(node))
        : undefined;
    default:
      return undefined;
  }
}

function mention(form: ModuleImport['form'], source: unknown): Mention | undefined {
  const specifier = stringOf(source);
  return specifier === undefined ? undefined : { form, specifier };
}

function first(call: SyntaxNode): unknown {
  return (call['arguments'] as unknown[])[0];
}

/** Names that an import declaration takes; `*` for the default export and for the whole module. */
export function importedNames(node: SyntaxNode): readonly string[] {
  return (node['specifiers'] as SyntaxNode[]).map((each) => nameOf(each['imported']) ?? '*');
}

/** The name of an identifier. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;
}

/** The text of a string literal, also where a type wraps it. */
export function stringOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'TSLiteralType') return stringOf(node['literal']);
  return node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}
