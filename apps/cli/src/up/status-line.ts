import type { Io } from '../io.ts';

/** One line on stderr that is redrawn in place; nothing at all where nobody looks. */
export interface StatusLine extends Disposable {
  show(text: string): void;
}

/** @param width columns of the terminal, asked at each redraw: it may be resized */
export function statusLine({ err, errIsTerminal }: Pick<Io, 'err' | 'errIsTerminal'>, width: () => number): StatusLine {
  if (!errIsTerminal) return { show: () => {}, [Symbol.dispose]: () => {} };
  let shown = '';
  const show = (text: string): void => {
    const line = text.slice(0, Math.max(width() - 1, 0));
    if (line === shown) return;
    shown = line;
    err(`\r\u001b[2K${line}`);
  };
  return {
    show,
    [Symbol.dispose]: () => {
      if (shown !== '') err('\r\u001b[2K');
    },
  };
}
