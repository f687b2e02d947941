import { parseModule } from '../module.ts';
import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

interface Forbidden {
  readonly pattern: RegExp;
  readonly why: string;
}

/** In no text of the checkout. The patterns are written so that they do not match themselves. */
const ANYWHERE: readonly Forbidden[] = [
  { pattern: /(?<![\w./-])\/(?:work|farm|root)\/[a-z]/, why: 'a path of one machine' },
  {
    pattern: /\b(?:registry[.](?:np[m]js|yarn[p]kg)|files[.]python[h]osted|proxy[.]go[l]ang)[.](?:org|com)\b/,
    why: 'a registry host; the machine says where packages come from',
  },
  {
    pattern: /\/api\/(?:npm|pypi|go)\/[a-z]|\bartifactory[.]/,
    why: 'a registry host; the machine says where packages come from',
  },
];

const IN_COMMENTS: readonly Forbidden[] = [
  {
    pattern: /\b(?:TO[D]O|FIX[M]E|X{3}|HA[C]K)\b/,
    why: 'unfinished work; finish it, or write the limit down where users read it',
  },
  {
    pattern: /\b(?:architecture|foundation|experience|isolation|collector|style)(?:[.]md\b| \d+[.]?\d*\b)/,
    why: 'a document that is not in the checkout',
  },
];

const IN_SPECS: readonly Forbidden[] = [
  { pattern: /\b(?:test|it|describe|suite)(?:[.]\w+)*[.](?:skip|todo)\b(?!If)/, why: 'a test that never runs' },
  { pattern: /\b(?:test|it|describe|suite)(?:[.]\w+)*[.]only\b/, why: 'keeps all other tests from running' },
];

/** Words that may stand nowhere, with the place of each. */
export function wordViolations(workspace: Workspace): Violation[] {
  const anywhere = [...workspace.files].flatMap(([path, text]) => hits(path, text, 1, ANYWHERE));
  const sources = sourcesOf(workspace).flatMap(({ path, text }) => {
    const { comments, lineOf } = parseModule(path, text);
    return [
      ...comments.flatMap(({ value, start }) => hits(path, value, lineOf(start), IN_COMMENTS)),
      ...(path.endsWith('.spec.ts') ? hits(path, text, 1, IN_SPECS) : []),
    ];
  });
  return [...anywhere, ...sources];
}

function hits(path: string, text: string, firstLine: number, forbidden: readonly Forbidden[]): Violation[] {
  return text.split('\n').flatMap((line, index) =>
    forbidden.flatMap(({ pattern, why }) => {
      const found = pattern.exec(line);
      return found ? [{ at: `${path}:${firstLine + index}`, what: `${found[0]}: ${why}` }] : [];
    }),
  );
}
