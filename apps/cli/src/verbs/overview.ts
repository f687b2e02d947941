import { unpainted } from '@seatrial/report';

import { painter, wantsColour } from '../output/colour.ts';
import { printLines } from '../output/print.ts';
import { Flags } from '../parse/flags.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { withBus } from '../connect/with-bus.ts';
import { findConnection } from '../connect/connection.ts';
import { planeState, type PlaneState } from './plane-state.ts';
import { statusLines } from './status.ts';

const TIMEOUT_MS = 5000;

/** `seatrial` alone: the state of this plane, and the next three commands. */
export const overview: VerbRun = async (invocation, session) => {
  const flags = new Flags([['timeout', TIMEOUT_MS]]);
  if (findConnection(flags, session) === undefined) {
    printLines(['No plane runs here.', '', ...next(undefined)], session);
    return 0;
  }
  return withBus({ ...invocation, flags }, session, async (bus) => {
    const state = await planeState(bus);
    const paint = wantsColour('auto', session.env, session.outIsTerminal) ? painter(true) : unpainted;
    printLines([...statusLines(state, session.now(), session.width, paint), '', ...next(state)], session);
    return 0;
  });
};

/** The three commands that help most now. */
function next(state: PlaneState | undefined): string[] {
  return ['Next', ...commands(state).map(([line, does]) => `  ${line.padEnd(36)}${does}`)];
}

function commands(state: PlaneState | undefined): readonly (readonly [string, string])[] {
  if (state === undefined) {
    return [
      ['./seatrial up', 'start one and take a first look'],
      ['./seatrial up --demo', 'with a small application to look at'],
      ['./seatrial doctor', 'what this machine has and lacks'],
    ];
  }
  if (state.services.some(({ ready }) => !ready)) {
    return [
      ['./seatrial doctor', 'what is missing'],
      ['./seatrial down', 'stop what is left of this plane'],
      ['./seatrial up', 'start it again'],
    ];
  }
  const worst = Object.values(state.findings?.summary.severity ?? {}).some((count) => count > 0);
  return [
    worst ? ['./seatrial get findings', 'what was found, worst first'] : ['./seatrial scan', 'audit again now'],
    ['./seatrial get containers', 'what runs, with CPU and memory'],
    ['./seatrial events -w', 'what happens, as it happens'],
  ];
}
