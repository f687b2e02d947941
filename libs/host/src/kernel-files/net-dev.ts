import { wholeNumbers } from './flat-keyed.ts';

/** Counters of one network interface since it came up. */
export interface InterfaceCounters {
  readonly name: string;
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
}

/** Reads `/proc/net/dev` or `/proc/<pid>/net/dev`. Lines that are not interfaces are left out. Source: proc_pid_net(5). */
export function parseNetDev(text: string): InterfaceCounters[] {
  const interfaces: InterfaceCounters[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue; // the two lines of the head have none
    const numbers =
      wholeNumbers(
        line
          .slice(colon + 1)
          .trim()
          .split(/\s+/),
      ) ?? [];
    const [rxBytes, rxPackets, rxErrors, rxDropped, , , , , txBytes, txPackets, txErrors, txDropped] = numbers;
    if (rxBytes === undefined || rxPackets === undefined || rxErrors === undefined || rxDropped === undefined) continue;
    if (txBytes === undefined || txPackets === undefined || txErrors === undefined || txDropped === undefined) continue;
    const name = line.slice(0, colon).trim();
    interfaces.push({ name, rxBytes, rxPackets, rxErrors, rxDropped, txBytes, txPackets, txErrors, txDropped });
  }
  return interfaces;
}
