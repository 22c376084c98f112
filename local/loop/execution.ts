import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionStep,
  paginateListPipelineExecutionSteps,
  paginateListPipelineExecutions,
  paginateListPipelineParametersForExecution,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import type { Say } from './progress';
import type { Target } from './target';
import { waitUntil } from './wait-until';

export interface Execution {
  readonly arn: string;
  readonly id: string;
  readonly status: string;
  readonly failureReason?: string;
  readonly steps: readonly PipelineExecutionStep[];
}

export interface PipelineOptions {
  /** By name, when another value than the default is wanted. @default - the pipeline's own */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What has to end well for the pipeline's records to be whole. @default - nothing */
  readonly beside?: Promise<void>;
}

/** Of what SageMaker lists. */
const LARGEST_PAGE = 100;

/**
 * Runs the model's pipeline to its end. An execution that a killed run left behind is followed instead of starting
 * another one, unless it has other parameters: our SageMaker has taken it up again by itself.
 * @throws Error that `beside` ended with, as soon as it has
 */
export async function runPipeline(
  target: Target,
  say: Say,
  { parameters = {}, beside = Promise.resolve() }: PipelineOptions = {},
): Promise<Execution> {
  let fault: { readonly error: unknown } | undefined;
  beside.catch((error: unknown) => {
    fault = { error };
  });
  const { sageMaker } = target.clients;
  const { PipelineExecutionSummaries: [latest] = [] } = await sageMaker.send(
    new ListPipelineExecutionsCommand({ PipelineName: target.name, SortOrder: 'Descending', MaxResults: 1 }),
  );
  const left = await stillRuns(target, latest?.PipelineExecutionArn);
  const running = left !== undefined && (await hasParameters(target, left, parameters)) ? left : undefined;
  const arn = running ?? (await start(target, parameters));
  say(running ? 'going on with the execution of the last run' : 'started');
  await waitUntil(
    async () => {
      if (fault) throw fault.error;
      const { PipelineExecutionStatus: status } = await sageMaker.send(
        new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }),
      );
      if (status !== 'Executing' && status !== 'Stopping') return status;
      say(currently(await listSteps(target, arn)));
      return undefined;
    },
    () => `${target.name}: the pipeline still runs after an hour; look at ${arn}`,
    { timeoutSeconds: 3600, everyMs: 500 },
  );
  await beside;
  return describeExecution(target, arn);
}

/** Asks for the execution itself: on a full disk its end may be known, but not yet written where lists come from. */
async function stillRuns(target: Target, arn: string | undefined): Promise<string | undefined> {
  if (arn === undefined) return undefined;
  const { PipelineExecutionStatus } = await target.clients.sageMaker.send(
    new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }),
  );
  return PipelineExecutionStatus === 'Executing' ? arn : undefined;
}

/** Whether an execution runs with what is asked for now. */
async function hasParameters(target: Target, arn: string, asked: Readonly<Record<string, string>>): Promise<boolean> {
  const entries = Object.entries(asked);
  if (entries.length === 0) return true;
  const found = await parametersOf(target, arn);
  // A number may be written in several ways.
  const isSame = (one: string, other = '') => one === other || (one.trim() !== '' && Number(one) === Number(other));
  return entries.every(([name, value]) => isSame(value, found[name]));
}

/** The newest execution in which a step succeeded. @returns undefined if there is none */
export async function latestExecutionWith(target: Target, step: string): Promise<Execution | undefined> {
  const pages = paginateListPipelineExecutions(
    { client: target.clients.sageMaker, pageSize: 20 },
    { PipelineName: target.name, SortOrder: 'Descending' },
  );
  for await (const { PipelineExecutionSummaries = [] } of pages) {
    for (const { PipelineExecutionArn = '' } of PipelineExecutionSummaries) {
      const execution = await describeExecution(target, PipelineExecutionArn);
      if (execution.steps.some(({ StepName, StepStatus }) => StepName === step && StepStatus === 'Succeeded'))
        return execution;
    }
  }
  return undefined;
}

/** The parameters that an execution ran with, by name. */
export async function parametersOf(target: Target, arn: string): Promise<Readonly<Record<string, string>>> {
  const pages = paginateListPipelineParametersForExecution(
    { client: target.clients.sageMaker, pageSize: LARGEST_PAGE },
    { PipelineExecutionArn: arn },
  );
  const found: Record<string, string> = {};
  for await (const { PipelineParameters = [] } of pages)
    for (const { Name = '', Value = '' } of PipelineParameters) found[Name] = Value;
  return found;
}

async function describeExecution(target: Target, arn: string): Promise<Execution> {
  const description = await target.clients.sageMaker.send(
    new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }),
  );
  return {
    arn,
    id: arn.slice(arn.lastIndexOf('/') + 1),
    status: description.PipelineExecutionStatus ?? 'Unknown',
    failureReason: description.FailureReason,
    steps: await listSteps(target, arn),
  };
}

async function start(target: Target, parameters: Readonly<Record<string, string>>): Promise<string> {
  const { PipelineExecutionArn = '' } = await target.clients.sageMaker.send(
    new StartPipelineExecutionCommand({
      PipelineName: target.name,
      PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  return PipelineExecutionArn;
}

/** In the order in which they started. */
async function listSteps(target: Target, arn: string): Promise<readonly PipelineExecutionStep[]> {
  const pages = paginateListPipelineExecutionSteps(
    { client: target.clients.sageMaker, pageSize: LARGEST_PAGE },
    { PipelineExecutionArn: arn, SortOrder: 'Ascending' },
  );
  const steps: PipelineExecutionStep[] = [];
  for await (const { PipelineExecutionSteps = [] } of pages) steps.push(...PipelineExecutionSteps);
  return steps;
}

function currently(steps: readonly PipelineExecutionStep[]): string {
  const named = (status: string) =>
    steps.filter(({ StepStatus }) => StepStatus === status).map(({ StepName }) => StepName);
  const running = [...named('Starting'), ...named('Executing')];
  const done = named('Succeeded').length;
  return `${done} done${running.length > 0 ? `, now ${running.join(', ')}` : ''}`;
}
