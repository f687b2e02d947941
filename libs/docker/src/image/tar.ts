/** One entry of a tar archive. Paths are relative, with forward slashes. */
export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: Buffer }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

const BLOCK = 512;
const TYPE = { file: '0', symlink: '2', directory: '5' } as const;

/**
 * A POSIX.1-1988 (ustar) archive, everything owned by root and dated 1970: the same entries give the same bytes, so an image made from them keeps its id.
 * @throws RangeError for a path or link target of more than 100 bytes
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) =>
    entry.kind === 'file' ? [header(entry), padded(entry.content)] : [header(entry)],
  );
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  put(block, 0, 100, entry.kind === 'directory' ? `${entry.path}/` : entry.path);
  octal(block, 100, 8, entry.kind === 'symlink' ? 0o777 : entry.mode);
  octal(block, 108, 8, 0); // uid
  octal(block, 116, 8, 0); // gid
  octal(block, 124, 12, entry.kind === 'file' ? entry.content.length : 0);
  octal(block, 136, 12, 0); // mtime
  block.write(TYPE[entry.kind], 156, 'latin1');
  if (entry.kind === 'symlink') put(block, 157, 100, entry.target);
  block.write('ustar\0' + '00', 257, 'latin1');
  // The checksum counts its own field as eight spaces.
  block.fill(' ', 148, 156);
  octal(
    block,
    148,
    7,
    block.reduce((sum, byte) => sum + byte, 0),
  );
  return block;
}

function put(block: Buffer, at: number, size: number, text: string): void {
  if (Buffer.byteLength(text) > size) throw new RangeError(`${text} is longer than ${size} bytes`);
  block.write(text, at, 'utf8');
}

function octal(block: Buffer, at: number, size: number, value: number): void {
  block.write(`${value.toString(8).padStart(size - 1, '0')}\0`, at, 'latin1');
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
