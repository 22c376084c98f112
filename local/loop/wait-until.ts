import { setTimeout as delay } from 'node:timers/promises';

export interface WaitProps {
  /** Longest wait in seconds. */
  readonly timeoutSeconds: number;
  /** @default 250 */
  readonly everyMs?: number;
}

/**
 * Asks again and again until there is an answer.
 * @throws Error with what `otherwise` says, once the time is over
 */
export async function waitUntil<T>(
  ask: () => Promise<T | undefined>,
  otherwise: () => string,
  { timeoutSeconds, everyMs = 250 }: WaitProps,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= deadline) throw new Error(otherwise());
    await delay(everyMs);
  }
}
