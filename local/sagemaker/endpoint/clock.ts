import { setTimeout as delay } from 'node:timers/promises';

/** Time as a deployment sees it; tests have one of their own. */
export interface Clock {
  /** In milliseconds, from any start, and never back. */
  now(): number;
  /** @throws if the signal is given meanwhile */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const MACHINE_CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }),
};
