import { SeatrialError } from '@seatrial/contracts';

/** A part of the proof that can be run alone. */
export interface TestGroup {
  readonly name: GroupName;
  readonly purpose: string;
  /** Folders of its specs, from the root of the checkout, with a slash at the end. */
  readonly folders: readonly string[];
}

export type GroupName = 'static' | 'unit' | 'contract' | 'e2e' | 'faults';

/** All groups, in the order they are listed. */
export const GROUPS: readonly TestGroup[] = [
  {
    name: 'static',
    purpose: 'build, lint, format, unused code, rules of the architecture',
    folders: ['test/src/architecture/'],
  },
  {
    name: 'unit',
    purpose: 'specs beside the source',
    folders: ['contracts/src/', 'libs/', 'services/', 'apps/', 'infra/src/'],
  },
  { name: 'contract', purpose: 'compatibility of messages and stores', folders: ['test/src/contract/'] },
  { name: 'e2e', purpose: 'several processes on a real broker and a real engine', folders: ['test/src/e2e/'] },
  { name: 'faults', purpose: 'kills, cuts, full disks, bad input', folders: ['test/src/faults/'] },
];

/** The groups of these names; none means all. @throws SeatrialError E-USAGE for a name that is no group */
export function selectGroups(names: readonly string[]): readonly TestGroup[] {
  for (const name of names) {
    if (GROUPS.some((group) => group.name === name)) continue;
    const known = GROUPS.map((group) => group.name).join(', ');
    throw new SeatrialError(`there is no test group ${JSON.stringify(name)}`, {
      code: 'E-USAGE',
      hint: `The groups are: ${known}.`,
    });
  }
  return names.length === 0 ? GROUPS : GROUPS.filter((group) => names.includes(group.name));
}

/** The group of a spec file, by its path from the root. A file outside every folder belongs to `unit`: it is counted, never lost. */
export function groupOfFile(file: string): GroupName {
  return GROUPS.find((group) => group.folders.some((folder) => file.startsWith(folder)))?.name ?? 'unit';
}
