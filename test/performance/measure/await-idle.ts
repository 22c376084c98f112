import { setTimeout as delay } from 'node:timers/promises';
import { isBusy, type Machine } from './machine';

/** The load average is one of a minute: after three, a twentieth is left of what was. */
const LONGEST_SECONDS = 180;
const EVERY_SECONDS = 5;

export interface IdleProps {
  readonly load: () => Pick<Machine, 'load' | 'cores'>;
  readonly say: (message: string) => void;
  /** @default - that of the clock */
  readonly pause?: (seconds: number) => Promise<unknown>;
}

/**
 * Waits until the load average has forgotten the part before: it would be taken for other work. Goes on after three minutes
 * in any case, since a machine that is busy then is so with something else; the part says so itself.
 */
export async function awaitIdle({
  load: look,
  say,
  pause = (seconds) => delay(seconds * 1000),
}: IdleProps): Promise<void> {
  for (let waited = 0; waited < LONGEST_SECONDS; waited += EVERY_SECONDS) {
    const { load, cores } = look();
    if (!isBusy({ load, cores })) return;
    if (waited === 0) {
      say(
        `waiting for the load average to fall from ${load.toFixed(2)} to ${cores / 2}, for ${LONGEST_SECONDS} s at most`,
      );
    }
    await pause(EVERY_SECONDS);
  }
}
