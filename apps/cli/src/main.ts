import { processIo } from './io.ts';
import { processSession } from './session.ts';

const argv = process.argv.slice(2);
const stop = new AbortController();
let readerGone = false;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no error: what goes on printing ends, what has to decide something still does.
  if (error.code === 'EPIPE') {
    readerGone = true;
    stop.abort();
  } else {
    void import('./output/cannot-write.ts').then(({ cannotWrite }) => cannotWrite(error));
  }
});

if (argv[0] === 'complete' && argv[1] === '--') {
  // On every TAB: nothing but the verb table is loaded.
  const { answer } = await import('./completion/answer.ts');
  answer(argv.slice(2), process.env);
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second Ctrl-C does not wait for anything.
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  const { runCli } = await import('./run-cli.ts');
  const exit = await runCli(argv, processSession(processIo(), stop.signal));
  // A gate that could not decide because nobody listened any more has not passed.
  const gate = argv.some((word) => word.startsWith('--fail-on'));
  process.exitCode = readerGone && exit === 130 && !gate ? 0 : exit;
}
