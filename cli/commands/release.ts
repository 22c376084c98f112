import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Surroundings } from '../output';
import { approvalCommands } from '../release/approval-commands';
import { assignCommand } from '../release/assign-command';
import type { Connect } from '../release/connect';
import { connectByDefault } from '../release/connect-by-default';
import { diffCommand } from '../release/diff/diff-command';
import { historyCommand } from '../release/history-command';
import { stepCommand } from '../release/manifests/step-command';
import { systemUser } from '../release/person';
import { promotionCommands } from '../release/promotion-commands';
import { type ReleaseCommandContext, releaseCommandContext } from '../release/release-command-context';
import { verifyCommand } from '../release/verify-command';

export interface ReleaseCommandsOptions {
  /** @default - the AWS of this machine or of the environment's account, by the SDK */
  readonly connect?: Connect;
  /** @default - the clock of the machine */
  readonly sleep?: ReleaseCommandContext['sleep'];
  /** @default - the user of the operating system */
  readonly user?: ReleaseCommandContext['user'];
}

/** `mlops release`: who decides what serves, and what became of it. */
export function releaseCommands(
  program: Command,
  surroundings: Surroundings,
  { connect = connectByDefault, sleep = delay, user = systemUser }: ReleaseCommandsOptions = {},
): void {
  const release = program
    .command('release')
    .description('decide which version of a model serves, and see what became of it');
  const context = releaseCommandContext({ surroundings, connect, sleep, user });
  approvalCommands(release, context);
  promotionCommands(release, context);
  assignCommand(release, context);
  stepCommand(release, context);
  historyCommand(release, context);
  diffCommand(release, context);
  verifyCommand(release, context);
}
