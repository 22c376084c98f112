import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Target } from '../../local/loop/target';
import { FAULTS, type Fault } from '../../local/rehearsal/fault';
import type { StateDirectory } from '../../local/state-directory';
import { choose } from '../model-argument';
import { parseRate } from '../options';
import type { Surroundings } from '../output';
import { printRehearsal } from '../rehearsal/print-rehearsal';
import { connectByDefault } from '../release/connect-by-default';

interface Options {
  readonly bad?: Fault;
  readonly rps?: number;
  readonly model?: string;
  readonly json?: boolean;
}

export interface LocalReleaseProps {
  readonly environmentName: string;
  readonly state: StateDirectory;
  /** @throws InvalidInputError if the local AWS doesn't run */
  readonly attach: (options: { readonly model?: string }) => Promise<Target>;
}

/** `mlops local release`: a release under steady traffic, good or bad on purpose. */
export function localReleaseCommand(
  program: Command,
  local: Command,
  surroundings: Surroundings,
  { environmentName, state, attach }: LocalReleaseProps,
): void {
  const { out, repository } = surroundings;
  const mlops = [process.execPath, join(repository, 'bin', 'mlops.mjs')] as const;
  local
    .command('release')
    .description('release a further version under steady traffic: it must shift without one failed request')
    .addOption(
      new Option('--bad <fault>', 'release one that is bad on purpose: it must be rolled back').choices(FAULTS),
    )
    .option('--rps <number>', 'requests a second (default: enough for the guards to judge)', parseRate)
    .action(async (_: unknown, command: Command) => {
      const { bad, rps, model, json }: Options = command.optsWithGlobals();
      const target = await attach({ model });
      const chosen = await choose(environmentName, model);
      const { openRelease } = await import('../release/open-release');
      const { rehearse } = await import('../rehearsal/rehearse');
      const { keepRehearsal } = await import('../../local/rehearsal/rehearsal');
      const api = await connectByDefault(chosen, surroundings);
      const rehearsal = await rehearse({
        kind: bad ?? 'good',
        perSecond: rps,
        target,
        release: await openRelease({ chosen, api, surroundings, toChange: false }),
        trafficCommand: [...mlops, 'local-traffic'],
        surroundings,
        sleep: delay,
      });
      keepRehearsal(state.rehearsals, rehearsal);
      await writeReport(target);
      if (json) out.line(JSON.stringify(rehearsal, null, 2));
      else for (const line of printRehearsal(rehearsal)) out.line(line);
      if (rehearsal.expected) return;
      throw new Error(
        `${target.name}: the rehearsal has to end ${bad ? 'rolled back by an alarm' : 'released without a failed request'}, got ${rehearsal.outcome ?? 'no outcome'} with ${rehearsal.traffic.failed} failed requests; see npx mlops release history ${target.props.model}`,
      );
    });

  program
    .command('local-traffic', { hidden: true })
    .description('send requests at a steady rate; started by local release')
    .action(async () => {
      const { sendTraffic } = await import('../send-traffic');
      await sendTraffic(surroundings, process.stdin);
    });

  async function writeReport(target: Target): Promise<void> {
    const { readSummary } = await import('../../local/loop/summary');
    if (!readSummary(state.summary)) return;
    const report = await import('../../local/report/write-report');
    await report.writeReport(target, state);
  }
}
