import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds. @throws Error if it doesn't within 90 seconds */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 90_000;
  // oxlint-disable-next-line no-await-in-loop -- looked at again and again
  for (; !condition(); await delay(10))
    if (Date.now() > deadline) throw new Error(`never came true: ${condition.toString()}`);
}
