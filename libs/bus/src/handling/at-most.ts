/** Resolves when the work has ended, however, or after `ms`: for waits on a server that may be gone. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work.catch(() => undefined), time]);
  } finally {
    clearTimeout(timer);
  }
}

/** Time for the server to confirm that a subscription has ended, ms. */
export const UNSUBSCRIBE_MS = 2_000;
