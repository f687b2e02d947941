/** YAML text of plain data. Strings that could act on a terminal are written in quotes with escapes; reading it gives exactly `value`. */
export async function toYamlText(value: unknown): Promise<string> {
  // Through `default`: in the bundle a CommonJS package that is loaded late has no named exports.
  const { Document, Scalar, visit } = (await import('yaml')).default;
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && ACTIVE.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document
    .toString({ lineWidth: 0 })
    .replace(ESCAPABLE, (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`);
}

const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** What the YAML library leaves as it is inside double quotes. */
const ESCAPABLE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;
