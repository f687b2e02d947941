import { describe, expect, test } from 'vitest';

import { Alarm } from './alarm.ts';

const never = new AbortController().signal;

describe('an alarm', () => {
  test('that rings ends the pause, and one that rang before ends the next one at once, once', async () => {
    const alarm = new Alarm();
    const pause = alarm.wait(Infinity, never);
    alarm.ring();
    await pause;
    alarm.ring();
    await alarm.wait(Infinity, never);
    let over = false;
    void alarm.wait(Infinity, never).then(() => (over = true));
    await new Promise(setImmediate);
    expect(over).toBe(false);
  });

  test('ends with its time and with the signal', async () => {
    const alarm = new Alarm();
    await alarm.wait(1, never);
    const stop = new AbortController();
    const pause = alarm.wait(Infinity, stop.signal);
    stop.abort();
    await pause;
    await expect(alarm.wait(Infinity, stop.signal)).resolves.toBeUndefined();
  });
});
