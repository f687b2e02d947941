import { neutralise } from './neutralise.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an XML attribute or element. Characters that XML 1.0 cannot hold (most controls, lone surrogates) are shown as escapes. */
export function xmlText(text: string): string {
  return neutralise(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An element with attributes; absent attributes are left out. `children` are lines that are already XML. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[] = [],
): string[] {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xmlText(String(value))}"`)
    .join('');
  if (children.length === 0) return [`<${name}${written}/>`];
  return [`<${name}${written}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}
