import type { Command } from 'commander';
import type { OpenRelease } from './open-release';
import type { ReleaseCommandContext } from './release-command-context';
import { parseWait, waitMinutes } from './wait-minutes';
import { Waiting } from './waiting';

export interface WaitOptions {
  /** Minutes, or false not to wait. @default - as long as the rollout may take */
  readonly wait?: number | false;
}

/** An emulated service may be asked as often as one likes; CloudFormation throttles an account. */
const EVERY_SECONDS = { emulated: 1, account: 10 } as const;

export function addWaitOptions(command: Command): Command {
  return command
    .option('--wait <minutes>', 'how long to wait at most (default: as long as the rollout may take, twice)', parseWait)
    .option('--no-wait', 'leave once it is on its way');
}

/** @returns undefined not to wait */
export function waitingFor(
  { chosen }: OpenRelease,
  { surroundings, sleep }: ReleaseCommandContext,
  { wait }: WaitOptions,
): Waiting | undefined {
  if (wait === false) return undefined;
  return new Waiting({
    minutes: wait ?? waitMinutes(chosen.spec),
    everySeconds: chosen.environment.emulated ? EVERY_SECONDS.emulated : EVERY_SECONDS.account,
    surroundings,
    sleep,
  });
}
