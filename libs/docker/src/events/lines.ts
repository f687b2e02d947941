import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a byte stream into lines, whatever the chunks are. Empty lines are dropped, the part behind the last line break is kept for the next chunk.
 * @throws RangeError when a line grows beyond `limitChars`
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #limitChars: number;
  #rest = '';

  constructor(limitChars: number) {
    this.#limitChars = limitChars;
  }

  push(chunk: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > this.#limitChars || lines.some((line) => line.length > this.#limitChars)) {
      throw new RangeError(`a line is longer than ${this.#limitChars} characters`);
    }
    return lines.filter((line) => line.trim() !== '');
  }
}
