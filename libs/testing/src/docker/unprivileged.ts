/** A user that owns nothing. */
const NOBODY = 65_534;

/**
 * Runs `work` with the rights of a user who owns nothing: root becomes nobody for its duration, anybody else stays who he is. For what a machine must refuse.
 * Only one at a time in a process, since the identity is the process's.
 */
export async function unprivileged<T>(work: () => T | Promise<T>): Promise<T> {
  const { getuid, setegid, seteuid } = process;
  if (getuid?.() !== 0 || setegid === undefined || seteuid === undefined) return work();
  setegid(NOBODY);
  seteuid(NOBODY);
  try {
    return await work();
  } finally {
    seteuid(0);
    setegid(0);
  }
}
