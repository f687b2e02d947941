#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { errorCode, SeatrialError } from '@seatrial/contracts';

import { provision } from './provision.ts';

const USAGE = `Usage: seatrial-provision [--bus URL] [--creds FILE]

Makes the streams, buckets and durables of Seatrial on a NATS server. Safe to repeat.

  --bus URL     address of the bus (SEATRIAL_BUS)
  --creds FILE  seed of the provisioner (SEATRIAL_CREDS)`;

/** Runs it and returns the exit code. */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = {
    bus: { type: 'string' },
    creds: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) {
      console.log(USAGE);
      return 0;
    }
    const url = values.bus ?? env['SEATRIAL_BUS'];
    const seedFile = values.creds ?? env['SEATRIAL_CREDS'];
    if (url === undefined || seedFile === undefined)
      return refuse(new SeatrialError('--bus and --creds are needed', usage));
    const { created, updated, unchanged } = await provision({ url, seedFile });
    console.log(`created ${created.length}, updated ${updated.length}, unchanged ${unchanged.length}`);
    for (const name of [...created, ...updated]) console.log(`  ${name}`);
    return 0;
  } catch (error) {
    if (error instanceof SeatrialError) return refuse(error);
    if (error instanceof TypeError) return refuse(new SeatrialError(error.message, usage)); // of parseArgs
    throw error;
  }
}

const usage = { code: 'E-USAGE', hint: '`seatrial-provision --help` shows the flags.' } as const;

function refuse(error: SeatrialError): number {
  console.error(`${error.code}: ${error.message}`);
  console.error(error.hint ?? errorCode(error.code).hint);
  return errorCode(error.code).exit;
}

process.exitCode = await main(process.argv.slice(2), process.env);
