import { Command } from 'commander';
import { SeatrialError, errorCode } from '@seatrial/contracts';
import { processIo } from './io.ts';

const io = processIo();
const program = new Command('seatrial').description(
  'Inspect, prove and measure estates of virtual machines and containers.',
);

program
  .command('tools')
  .argument('[names...]')
  .description('fetch or build the tools that Seatrial uses, all or by name')
  .action(async (names: string[]) => {
    const { run } = await import('./tools/run.ts');
    process.exitCode = await run({ names }, io);
  });

try {
  await program.parseAsync();
} catch (error) {
  const code = error instanceof SeatrialError ? error.code : 'E-INTERNAL';
  const known = errorCode(code);
  io.err(`error[${code}]: ${error instanceof Error ? error.message : String(error)}\n`);
  io.err(`  hint:  ${(error instanceof SeatrialError ? error.hint : undefined) ?? known.hint}\n`);
  process.exitCode = known.exit;
}
