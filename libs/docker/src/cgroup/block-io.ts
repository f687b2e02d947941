import { type CounterValues, present } from '../counters.ts';

/**
 * Sums `blkio.throttle.io_service_bytes` or `io_serviced` of cgroup v1 (`8:0 Read 4096`) over the devices. A file without device lines means that nothing was
 * transferred yet: the kernel writes `Total 0` then.
 */
function sumBlkio(text: string): { read: number; write: number } | undefined {
  if (!/\bTotal \d+\s*$/.test(text)) return undefined;
  let read = 0;
  let write = 0;
  for (const match of text.matchAll(/^\d+:\d+ (Read|Write) (\d+)$/gm)) {
    if (match[1] === 'Read') read += Number(match[2]);
    else write += Number(match[2]);
  }
  return { read, write };
}

/** Sums `io.stat` of cgroup v2 (`8:0 rbytes=1 wbytes=2 rios=3 wios=4 ...`) over the devices. An empty file means that nothing was transferred yet. */
export function sumIoStat(text: string): CounterValues {
  const sums = { rbytes: 0, wbytes: 0, rios: 0, wios: 0 };
  for (const match of text.matchAll(/\b(rbytes|wbytes|rios|wios)=(\d+)/g))
    sums[match[1] as keyof typeof sums] += Number(match[2]);
  return {
    ioReadBytes: sums.rbytes,
    ioWriteBytes: sums.wbytes,
    ioReadOperations: sums.rios,
    ioWriteOperations: sums.wios,
  };
}

/** Bytes and operations of v1 under the names of a reading. */
export function blkioValues(bytes: string | undefined, operations: string | undefined): CounterValues {
  const moved = bytes === undefined ? undefined : sumBlkio(bytes);
  const served = operations === undefined ? undefined : sumBlkio(operations);
  return {
    ...present('ioReadBytes', moved?.read),
    ...present('ioWriteBytes', moved?.write),
    ...present('ioReadOperations', served?.read),
    ...present('ioWriteOperations', served?.write),
  };
}
