import { openArchive } from '@seatrial/archive';

/**
 * Writes rows without end and prints each id once it is acknowledged: `s<n>` for a sample, `a<n>` for an entry of the audit log. Killed by the test at some point.
 * Arguments: path, first number.
 */
const [path = '', first = '0'] = process.argv.slice(2);
const archive = await openArchive(path);
const LANES = 8;

async function lane(offset: number): Promise<never> {
  for (let n = Number(first) + offset; ; n += LANES) {
    await archive.samples.write([
      {
        v: 1,
        src: 'docker',
        tgt: 'local',
        f: 1,
        t0: n * 1000,
        iv: 1,
        rs: ['local/a'],
        ss: [['cpu', {}]],
        ri: [0],
        si: [0],
        ts: [0],
        vs: [n],
      },
    ]);
    process.stdout.write(`s${n}\n`);
    await archive.auditLog.append([
      { id: String(n), at: n, actor: 'ann', subject: 's', document: { pad: 'x'.repeat(200) } },
    ]);
    process.stdout.write(`a${n}\n`);
  }
}

await Promise.all(Array.from({ length: LANES }, (_, offset) => lane(offset)));
