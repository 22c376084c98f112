import type { Command } from 'commander';
import { InvalidInputError } from '../../core/invalid-input-error';
import { PHASES, type PhaseTitle } from '../../local/loop/progress';
import { StateDirectory } from '../../local/state-directory';
import { closingSummary } from '../closing-summary';
import { describeStatus } from '../describe-status';
import { EXIT } from '../exit-code';
import { localStatusAnswer } from '../local-status-answer';
import { choose } from '../model-argument';
import { parseParameters, parsePort, parseSpeed } from '../options';
import type { Surroundings } from '../output';
import type { ServeProps } from '../serve-sagemaker';
import { stateDirectory } from '../state-directory';
import { localPruneCommand } from './local-prune';
import { localReleaseCommand } from './local-release';

const ENVIRONMENT = 'local';

interface Options {
  readonly model?: string;
  readonly port?: number;
  readonly speed?: number;
  readonly forkServer?: boolean;
  readonly fresh?: boolean;
  readonly json?: boolean;
  readonly set?: Readonly<Record<string, string>>;
}

/** `mlops local` and its single steps. */
export function localCommands(program: Command, surroundings: Surroundings): void {
  const { out, environment, repository } = surroundings;
  const state = stateDirectory(surroundings);

  const start = async ({ model, port, speed, forkServer, fresh, json }: Options, titles: readonly PhaseTitle[]) => {
    const chosen = await choose(ENVIRONMENT, model);
    if (fresh) {
      const { requireForgettable } = await import('../../local/forget-state');
      requireForgettable(state);
    }
    const { stopLocalAws } = await import('../../local/aws/local-aws');
    surroundings.onInterrupt(() => stopLocalAws(state));
    const { LiveList } = await import('../live-list');
    const progress = new LiveList(titles, json ? 'silent' : surroundings.interactive ? 'default' : 'simple');
    const target = {
      environment: ENVIRONMENT,
      region: chosen.environment.region,
      model: chosen.model,
      spec: chosen.spec,
    };
    return {
      progress,
      props: {
        state,
        repository,
        environment,
        target,
        account: chosen.environment.account,
        port,
        speed,
        forkServer,
        fresh,
        progress,
        now: surroundings.now,
      },
    };
  };

  const local = program
    .command('local')
    .description("a model's whole life on this machine, with no account: data, training, gates, release, requests")
    .option('--model <name>', 'which model (default: the first of the environment)')
    .option('--port <number>', 'port of the local AWS (default: the last one, or one that is free)', parsePort)
    .option(
      '--speed <number>',
      'how many times faster rollouts and alarms go; 1 is real time (default: 60)',
      parseSpeed,
    )
    .option(
      '--no-fork-server',
      'start each step in a Python of its own, not as a fork of one that has loaded its packages',
    )
    .option('--fresh', 'forget earlier runs first')
    .option('--set <name=value...>', 'parameters of the pipeline', parseParameters)
    .option('--json', 'print the summary as JSON instead of a list of steps')
    .action(async (options: Options) => {
      const { runLoop } = await import('../../local/loop/loop');
      const { progress, props } = await start(options, PHASES);
      const summary = await progress.show(() => runLoop({ ...props, parameters: options.set }));
      if (options.json) out.line(JSON.stringify(summary, null, 2));
      else for (const line of closingSummary(summary, state, repository)) out.line(line);
    });

  local
    .command('up')
    .description('start the local AWS, deploy the stacks and upload the data')
    .action(async (_: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      const { bringUp } = await import('../../local/loop/bring-up');
      const { progress, props } = await start(options, PHASES.slice(0, 4));
      const { target, stacks } = await progress.show(async () => {
        const up = await bringUp(props);
        await up.tracking;
        return up;
      });
      if (options.json) out.line(JSON.stringify({ endpointUrl: target.endpoint, stacks }, null, 2));
      else out.line(`The local AWS answers at ${target.endpoint}. Next: npx mlops local run`);
    });

  local
    .command('run')
    .description('run the pipeline, check the gates, approve and promote; needs up')
    .action(async (_: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      const { recordRun } = await import('../../local/loop/record-run');
      const { TimedProgress } = await import('../../local/loop/timed-progress');
      const target = await attach(options);
      const { progress } = await start(options, PHASES.slice(4, 8));
      const timed = new TimedProgress(progress, surroundings.now);
      const { execution, gates, approved, promoted } = await progress.show(() =>
        recordRun(target, timed, state, { parameters: options.set }),
      );
      if (options.json) out.line(JSON.stringify({ execution, gates, approved, promoted }, null, 2));
      else out.line(`Version ${approved.version} is live on ${promoted.endpoint}. Next: npx mlops local invoke`);
    });

  local
    .command('invoke')
    .description('send held-out rows to the endpoint and compare the answers with the truth')
    .action(async (_: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      const { invokeEndpoint } = await import('../../local/loop/invoke');
      const { readSample } = await import('../../local/loop/outputs');
      const { latestExecutionWith } = await import('../../local/loop/execution');
      const { readSummary, writeSummary } = await import('../../local/loop/summary');
      const target = await attach(options);
      const execution = await latestExecutionWith(target, 'Prepare');
      if (!execution)
        throw new InvalidInputError(
          target.name,
          'has prepared no data yet, got no execution that did',
          'run npx mlops local run',
        );
      const { progress } = await start(options, ['Invoke the endpoint']);
      const result = await progress.show(() =>
        progress.phase('Invoke the endpoint', async (say) =>
          invokeEndpoint(target, await readSample(target, execution), say),
        ),
      );
      const summary = readSummary(state.summary);
      if (summary?.model === target.props.model) writeSummary(state.summary, { ...summary, invocations: result });
      if (options.json) out.line(JSON.stringify(result, null, 2));
      else
        out.line(
          `${result.succeeded} of ${result.tried} requests answered, ${result.correct} of ${result.rows} rows right, median ${result.medianMs.toFixed(0)} ms`,
        );
      if (result.succeeded < result.tried) process.exitCode = EXIT.failed;
    });

  local
    .command('report')
    .description('write the report page anew from the last run')
    .action(async (_: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      const { writeReport } = await import('../../local/report/write-report');
      await writeReport(await attach(options), state);
      out.line(options.json ? JSON.stringify({ report: state.report }) : state.report);
    });

  local
    .command('status')
    .description('say what is running')
    .action(async (_: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      const { localAwsStatus } = await import('../../local/aws/local-aws');
      const status = localAwsStatus(state);
      if (options.json) out.line(JSON.stringify(localStatusAnswer(status), null, 2));
      else for (const line of describeStatus(status)) out.line(line);
    });

  local
    .command('down')
    .description('stop the local AWS; what was made stays and is there again after up')
    .action(async (_: unknown, command: Command) => {
      const { json }: Options = command.optsWithGlobals();
      const { stopLocalAws, localAwsStatus } = await import('../../local/aws/local-aws');
      await stopLocalAws(state);
      if (json) out.line(JSON.stringify(localStatusAnswer(localAwsStatus(state)), null, 2));
      else out.note('The local AWS is stopped.');
    });

  localPruneCommand(local, surroundings, state);

  program
    .command('local-sagemaker', { hidden: true })
    .description('serve our SageMaker; started by local up')
    .requiredOption('--port <number>', 'port to listen on', parsePort)
    .requiredOption('--aws-endpoint <url>', 'URL of the emulator')
    .requiredOption('--state-dir <directory>', 'where to keep state')
    .requiredOption('--speed <number>', 'how many times faster rollouts go', parseSpeed)
    .option('--no-fork-server', 'start each process anew')
    .action(async ({ stateDir, ...given }: Omit<ServeProps, 'state'> & { readonly stateDir: string }) => {
      const { serveSageMaker } = await import('../serve-sagemaker');
      await serveSageMaker(surroundings, {
        ...given,
        state: new StateDirectory(stateDir, state.pythonEnvironments),
      });
    });

  const attach = async ({ model }: Pick<Options, 'model'>) => {
    const { localAwsStatus } = await import('../../local/aws/local-aws');
    const { Target } = await import('../../local/loop/target');
    const chosen = await choose(ENVIRONMENT, model);
    const status = localAwsStatus(state);
    if (!status.endpoint)
      throw new InvalidInputError(
        'mlops local',
        'the local AWS is not running, got no answer',
        'run npx mlops local up',
      );
    return new Target(status.endpoint, {
      environment: ENVIRONMENT,
      region: chosen.environment.region,
      model: chosen.model,
      spec: chosen.spec,
    });
  };
  localReleaseCommand(program, local, surroundings, { environmentName: ENVIRONMENT, state, attach });
}
