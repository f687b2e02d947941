/** A fenced block of a document. */
export interface CodeBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** What follows the language on the fence: `needs=docker`, `not-run="..."`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

const FENCE = /^( *)```(\w*) *([^\n]*)\n([\s\S]*?)^\1```$/gm;

/** Every fenced block, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCE)].map(({ index, 2: language = '', 3: info = '', 4: text = '' }) => ({
    line: lineAt(markdown, index),
    language,
    attributes: new Map(
      [...info.matchAll(/([\w-]+)=(?:"([^"]*)"|(\S+))/g)].map(([, key = '', quoted, bare]) => [
        key,
        quoted ?? bare ?? '',
      ]),
    ),
    text,
  }));
}

/** A link of a document. */
export interface DocumentLink {
  readonly line: number;
  readonly target: string;
}

/** Links and images, outside code. */
export function links(markdown: string): DocumentLink[] {
  const prose = withoutCode(markdown);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(({ index, 1: target = '' }) => ({
    line: lineAt(prose, index),
    target,
  }));
}

/** Anchors of the headings, as GitHub makes them. */
export function anchors(markdown: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutCode(markdown: string): string {
  return withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, blank);
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(FENCE, blank);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
