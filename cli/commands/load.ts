import type { Command } from 'commander';
import { type LoadOptions, parseLoadOptions } from '../load/load-options';
import { loadPlan, type Measured } from '../load/load-plan';
import { printPlan } from '../load/print-plan';
import { type Chosen, choose } from '../model-argument';
import type { Surroundings } from '../output';

/** Where the server is measured, whatever environment the plan is for. */
const MEASURED_IN = 'local';

export interface LoadCommandsOptions {
  /** @default - the server of the version that the local environment has released */
  readonly withServer?: <T>(
    chosen: Chosen,
    surroundings: Surroundings,
    windowSeconds: number,
    work: (measured: Measured) => Promise<T>,
  ) => Promise<T>;
}

/** `mlops load plan`: what an endpoint needs, from what its model's own server does. */
export function loadCommands(
  program: Command,
  surroundings: Surroundings,
  { withServer = withReleasedServer }: LoadCommandsOptions = {},
): void {
  const { out } = surroundings;
  program
    .command('load')
    .description('work out what a model needs, by measuring it')
    .command('plan <model>')
    .description('load the released server on this machine and propose instance type, bounds and autoscaling')
    .requiredOption('--rps <number>', 'requests a second that have to be answered at any time')
    .requiredOption('--p99-ms <number>', '99th percentile of the latency to hold, in milliseconds')
    .option('--env <name>', 'environment that the plan is for', MEASURED_IN)
    .option('--peak-rps <number>', 'the most that come a second (default: twice --rps)')
    .option('--vcpu-factor <number>', "what a SageMaker vCPU does of one of this machine's processors", '1')
    .option('--headroom <percent>', 'share of an instance to leave free', '30')
    .option('--seconds <number>', 'length of a window', '3')
    .option('--repeats <number>', 'windows of each level, of which the median counts', '3')
    .option('--json', 'print plan and measurements as JSON')
    .action(async (name: string, options: LoadOptions) => {
      const request = parseLoadOptions(options);
      const { model, environmentName } = await choose(options.env, name);
      const measured = await choose(MEASURED_IN, name);
      const plan = await withServer(measured, surroundings, request.windowSeconds, (server) =>
        loadPlan(request, server, (message) => out.note(message)),
      );
      if (options.json) out.line(JSON.stringify(plan, null, 2));
      else for (const line of printPlan(plan, model, environmentName)) out.line(line);
    });
}

/** Clients and servers take a while to load: only once the command needs them. */
const withReleasedServer: NonNullable<LoadCommandsOptions['withServer']> = async (...args) => {
  const measure = await import('../load/measure-released');
  return measure.withReleasedServer(...args);
};
