import type { Json, JsonObject } from '../../../../../core/json';
import { IMAGE, type PipelineFixture, ROLE } from './pipeline-fixture';

export interface Step extends JsonObject {
  readonly Name: string;
  readonly Type: string;
}

/** A definition of these steps, as CreatePipeline takes it. */
export function definition(Steps: readonly Step[], more: JsonObject = {}): string {
  return JSON.stringify({ Version: '2020-12-01', Metadata: {}, Steps, ...more });
}

/** The smallest step that runs a process: a line for the shell, whose folder `$o` goes to `s3://bucket/NAME`. */
export function shell(Name: string, script: string, { Arguments, ...more }: JsonObject = {}): Step {
  return {
    Name,
    Type: 'Processing',
    Arguments: {
      RoleArn: ROLE,
      AppSpecification: {
        ImageUri: IMAGE,
        ContainerEntrypoint: ['sh', '-ec', `o=$SAGEMAKER_BASE_DIR/processing/output; ${script}`],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'out',
            S3Output: {
              S3Uri: `s3://bucket/${Name}`,
              LocalPath: '/opt/ml/processing/output',
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
      },
      ...(Arguments as JsonObject | undefined),
    },
    ...more,
  };
}

/** A step that says what a value stands for: its failure message. */
export function tell(Name: string, ErrorMessage: Json, more: JsonObject = {}): Step {
  return { Name, Type: 'Fail', Arguments: { ErrorMessage }, ...more };
}

export function choose(
  Name: string,
  Conditions: readonly Json[],
  branches: JsonObject = {},
  more: JsonObject = {},
): Step {
  return { Name, Type: 'Condition', Arguments: { Conditions, IfSteps: [], ElseSteps: [], ...branches }, ...more };
}

export async function createPipeline(local: PipelineFixture, body: string, more: JsonObject = {}): Promise<void> {
  await local.answer('CreatePipeline', {
    PipelineName: 'pipe',
    PipelineDefinition: body,
    RoleArn: ROLE,
    ClientRequestToken: 'token-of-thirty-two-characters-000',
    ...more,
  });
}

/** @returns the ARN of the execution */
export async function start(local: PipelineFixture, more: JsonObject = {}): Promise<string> {
  const { PipelineExecutionArn } = await local.answer('StartPipelineExecution', { PipelineName: 'pipe', ...more });
  return PipelineExecutionArn as string;
}

export interface StepState extends JsonObject {
  readonly StepName: string;
  readonly StepStatus: string;
  readonly FailureReason?: string;
  readonly Metadata?: JsonObject;
  readonly AttemptCount?: number;
}

/** The ARN of what a step has started. */
export function jobArn(step: StepState | undefined, kind: string): string {
  const started = step?.Metadata?.[kind] as JsonObject | undefined;
  if (typeof started?.Arn !== 'string') throw new Error(`${kind}: nothing started, got ${JSON.stringify(step)}`);
  return started.Arn;
}

/** The steps that were started, in that order. */
export async function stepsOf(local: PipelineFixture, PipelineExecutionArn: string): Promise<StepState[]> {
  const steps: StepState[] = [];
  let NextToken: Json | undefined;
  do {
    const page = await local.answer('ListPipelineExecutionSteps', {
      PipelineExecutionArn,
      SortOrder: 'Ascending',
      MaxResults: 100,
      NextToken,
    });
    steps.push(...(page.PipelineExecutionSteps as readonly StepState[]));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return steps;
}

export interface Ended {
  readonly arn: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly steps: readonly StepState[];
  /** Statuses by the steps' names. */
  readonly statuses: Readonly<Record<string, string>>;
}

export async function end(local: PipelineFixture, arn: string): Promise<Ended> {
  const { PipelineExecutionStatus, FailureReason } = await local.ended(
    'DescribePipelineExecution',
    { PipelineExecutionArn: arn },
    'PipelineExecutionStatus',
  );
  const steps = await stepsOf(local, arn);
  return {
    arn,
    status: PipelineExecutionStatus as string,
    reason: FailureReason as string | undefined,
    steps,
    statuses: Object.fromEntries(steps.map(({ StepName, StepStatus }) => [StepName, StepStatus])),
  };
}

/** Creates the pipeline if a definition is given, starts it, and waits for its end. */
export async function run(local: PipelineFixture, body: string | undefined, more: JsonObject = {}): Promise<Ended> {
  if (body !== undefined) await createPipeline(local, body);
  return end(local, await start(local, more));
}
