import { processIo } from './io.ts';
import { processSession } from './session.ts';

const argv = process.argv.slice(2);

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

if (argv[0] === 'complete' && argv[1] === '--') {
  // On every TAB: nothing but the verb table is loaded.
  const { answer } = await import('./completion/answer.ts');
  answer(argv.slice(2), process.env);
} else {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second Ctrl-C does not wait for anything.
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  const { runCli } = await import('./run-cli.ts');
  process.exitCode = await runCli(argv, processSession(processIo(), stop.signal));
}
