import type { CreateProcessingJobRequest } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import { without } from '../api/without';
import type { Context } from '../context';
import { exitFailure } from './exit-failure';
import { JobError } from './job-error';
import type { Job, JobEnd, JobRunner } from './job-runner';
import { readHead } from './read-text';
import { runCommand } from './run-command';
import type { Wire } from './wire';

export type ProcessingRequest = Wire<CreateProcessingJobRequest>;

const PROCESSING = '/opt/ml/processing/';
const MESSAGE_BYTES = 1024;
/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html */
const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

/**
 * Runs processing jobs.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
 */
export class ProcessingJobRunner implements JobRunner<ProcessingRequest> {
  readonly noun = 'ProcessingJob';

  constructor(
    private readonly context: Context,
    private readonly graceMs: number,
  ) {}

  faults({
    ProcessingJobName,
    AppSpecification,
    ProcessingInputs,
    ProcessingOutputConfig,
  }: ProcessingRequest): string[] {
    const where = ProcessingJobName ?? 'ProcessingJob';
    const locals = [
      ...(ProcessingInputs ?? []).map(({ S3Input }) => S3Input?.LocalPath),
      ...(ProcessingOutputConfig?.Outputs ?? []).map(({ S3Output }) => S3Output?.LocalPath),
    ].filter((local) => local !== undefined);
    return [
      ...locals
        .filter((local) => !local.startsWith(PROCESSING) || local.split('/').includes('..'))
        .map((local) => `${where}: LocalPath must begin ${PROCESSING}, got ${local}; put it there`),
      ...(AppSpecification?.ContainerEntrypoint?.length
        ? []
        : [`${where}: AppSpecification.ContainerEntrypoint is needed, got none; say what the image is to run`]),
    ];
  }

  describe(request: ProcessingRequest): JsonObject {
    return without(request, 'Tags');
  }

  async run(job: Job<ProcessingRequest>): Promise<JobEnd> {
    const { request, directory } = job;
    const app = request.AppSpecification;
    this.writeConfiguration(job);
    await this.download(job);
    const outputs = (request.ProcessingOutputConfig?.Outputs ?? []).flatMap(({ AppManaged, S3Output }) =>
      S3Output?.S3Uri && S3Output.LocalPath && !AppManaged
        ? [{ uri: S3Output.S3Uri, from: directory.make(S3Output.LocalPath) }]
        : [],
    );
    directory.make('/opt/ml/output');
    job.update({ ProcessingStartTime: this.context.now().toISOString() });
    const maxRuntimeSeconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS;
    const { exit, endedBy } = await runCommand(this.context, {
      imageUri: app?.ImageUri ?? '',
      command: [...(app?.ContainerEntrypoint ?? []), ...(app?.ContainerArguments ?? [])],
      directory,
      environment: request.Environment ?? {},
      instanceType: request.ProcessingResources?.ClusterConfig?.InstanceType,
      maxRuntimeSeconds,
      signal: job.signal,
      closing: job.closing,
      graceMs: this.graceMs,
    });
    const message = await readHead(directory.at('/opt/ml/output/message'), MESSAGE_BYTES);
    const members: Record<string, string> = {
      ProcessingEndTime: this.context.now().toISOString(),
      ...(message !== undefined && { ExitMessage: message }),
    };
    if (endedBy === 'stop') return { status: 'Stopped', members };
    if (endedBy === 'time limit') {
      const FailureReason = `ClientError: ran longer than MaxRuntimeInSeconds, ${maxRuntimeSeconds}`;
      return { status: 'Stopped', members: { ...members, FailureReason } };
    }
    if (exit.code !== 0) throw await exitFailure(exit, directory, message, members);
    await Promise.all(outputs.map(({ uri, from }) => this.context.storage.upload(from, uri)));
    return { status: 'Completed', members };
  }

  private writeConfiguration({ request, arn, directory }: Job<ProcessingRequest>): void {
    directory.writeJson('/opt/ml/config/processingjobconfig.json', {
      ProcessingJobArn: arn,
      ...without(request, 'Tags'),
    });
    directory.writeJson('/opt/ml/config/resourceconfig.json', { current_host: 'algo-1', hosts: ['algo-1'] });
  }

  private async download({ request, directory }: Job<ProcessingRequest>): Promise<void> {
    await Promise.all(
      (request.ProcessingInputs ?? []).map(async ({ InputName, AppManaged, S3Input }) => {
        if (AppManaged || !S3Input?.S3Uri || !S3Input.LocalPath) return;
        const count = await this.context.storage.download(S3Input.S3Uri, directory.make(S3Input.LocalPath));
        if (count === 0)
          throw new JobError('ClientError', `input ${InputName}: nothing is stored under ${S3Input.S3Uri}`);
      }),
    );
  }
}
