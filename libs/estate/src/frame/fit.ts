import type { Frame } from '@seatrial/contracts';

/** Largest frame, bytes of JSON: a live view takes dozens a second. */
const MAX_FRAME_BYTES = 10_000;

/** Cuts the children, smallest first, until the frame fits; `more` says how many were left out. */
export function fitChildren(frame: Frame): Frame {
  let fitted = frame;
  // The share that fits is estimated from the excess; a second or third round corrects what uneven ids spoil.
  for (let bytes = sizeOf(fitted); bytes > MAX_FRAME_BYTES && fitted.children.id.length > 0; bytes = sizeOf(fitted)) {
    const rows = fitted.children.id.length;
    const perRow = (sizeOf(fitted) - sizeOf({ ...fitted, children: firstRows(frame, 0) })) / rows;
    fitted = {
      ...frame,
      children: firstRows(
        frame,
        Math.max(0, Math.min(rows - 1, Math.floor(rows - (bytes - MAX_FRAME_BYTES) / perRow))),
      ),
    };
  }
  return fitted;
}

function firstRows({ children }: Frame, rows: number): Frame['children'] {
  return {
    id: children.id.slice(0, rows),
    cpu: children.cpu.slice(0, rows),
    memory: children.memory.slice(0, rows),
    state: children.state.slice(0, rows),
    simulated: children.simulated.slice(0, rows),
    more: children.more + children.id.length - rows,
  };
}

const sizeOf = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame));
