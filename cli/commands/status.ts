import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { chooseEnvironment } from '../model-argument';
import type { Surroundings } from '../output';
import type { Connect } from '../release/connect';
import { connectByDefault } from '../release/connect-by-default';
import { environmentStatus } from '../status/environment-status';
import { printStatus } from '../status/print-status';

export interface StatusCommandOptions {
  /** @default - the AWS of this machine or of the environment's account, by the SDK */
  readonly connect?: Connect;
  /** @default - the clock of the machine */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

const WITHIN_SECONDS = 20;

/** `mlops status`. */
export function statusCommand(
  program: Command,
  surroundings: Surroundings,
  {
    connect = connectByDefault,
    sleep = (milliseconds) => delay(milliseconds, undefined, { ref: false }),
  }: StatusCommandOptions = {},
): void {
  const { out } = surroundings;
  program
    .command('status [environment]')
    .description(
      'what serves where: live releases, rollouts, alarms and instances of every environment, or of one; exit code 1 if one is not reached',
    )
    .option('--json', 'print it as JSON')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      if (name !== undefined) await chooseEnvironment(name);
      const { environments } = await import('../../config/environments');
      const asked = Object.entries(environments).filter(([each]) => name === undefined || each === name);
      const found = await Promise.all(
        asked.map(([each, environment]) =>
          environmentStatus({ name: each, environment, surroundings, connect, withinSeconds: WITHIN_SECONDS, sleep }),
        ),
      );
      if (json) out.line(JSON.stringify({ environments: found }, null, 2));
      else for (const line of found.flatMap(printStatus)) out.line(line);
      const unknown = found.flatMap(({ environment, fault, models }) => [
        ...(fault === null ? [] : [environment]),
        ...models.filter((each) => 'fault' in each).map(({ model }) => `${model} in ${environment}`),
      ]);
      if (unknown.length === 0) return;
      throw new Error(
        `mlops status: could not see everything, got nothing of ${unknown.join(', ')}; name an environment to look at that one only`,
      );
    });
}
