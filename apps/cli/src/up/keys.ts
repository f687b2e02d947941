/** Resolves when the person presses `q` on a terminal, or Ctrl-C while keys are read (the terminal sends no signal then). Never resolves elsewhere. */
export interface QuitKey extends Disposable {
  readonly pressed: Promise<'q' | 'ctrl-c'>;
}

/** Reads single keys from the terminal until it is disposed of, and leaves the terminal as it was. */
export function quitKey(input: NodeJS.ReadStream = process.stdin): QuitKey {
  if (!input.isTTY) return { pressed: new Promise(() => {}), [Symbol.dispose]: () => {} };
  const { promise, resolve } = Promise.withResolvers<'q' | 'ctrl-c'>();
  const onData = (data: Buffer): void => {
    const text = data.toString('latin1');
    if (text.includes('\u0003')) resolve('ctrl-c');
    else if (text.toLowerCase().includes('q')) resolve('q');
  };
  // Raw: a key counts without Enter, and is not echoed into the status line.
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  return {
    pressed: promise,
    [Symbol.dispose]: () => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
    },
  };
}
