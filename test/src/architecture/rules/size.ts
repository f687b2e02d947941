import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

/** Bytes. A file is one idea: one can read it in a sitting. */
const LARGEST = 14_000;
const MEDIAN = 4_000;

/** Sources that are too large, and a median that says that most are. */
export function sizeViolations(workspace: Workspace): Violation[] {
  const sizes = sourcesOf(workspace).map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) }));
  const median = sizes.map(({ bytes }) => bytes).toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
  return [
    ...sizes
      .filter(({ bytes }) => bytes > LARGEST)
      .map(({ path, bytes }) => ({ at: path, what: `${bytes} bytes, at most ${LARGEST}` })),
    ...(median > MEDIAN ? [{ at: '.', what: `the median source has ${median} bytes, at most ${MEDIAN}` }] : []),
  ];
}
