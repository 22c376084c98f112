import { mkdirSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import { without } from '../api/without';
import type { Context } from '../context';
import { downloadChannels } from './download-channels';
import { exitFailure } from './exit-failure';
import type { Job, JobEnd, JobRunner } from './job-runner';
import { latestMetrics, metricFault } from './metric-definitions';
import { readHead } from './read-text';
import { type CommandEnd, runCommand } from './run-command';
import { writeTrainingConfiguration } from './training-configuration';
import type { Wire } from './wire';
import { writeArchive } from './write-archive';

export type TrainingRequest = Wire<CreateTrainingJobRequest> & {
  /** The tuning job that made this one: its input is already on this machine. */
  readonly sharedInput?: string;
  readonly TuningJobArn?: string;
};

const FAILURE_BYTES = 4096;
const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;
const INPUT_DATA = '/opt/ml/input/data';
const CHECKPOINTS = '/opt/ml/checkpoints';

/**
 * Runs training jobs.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
 */
export class TrainingJobRunner implements JobRunner<TrainingRequest> {
  readonly noun = 'TrainingJob';

  constructor(
    private readonly context: Context,
    private readonly graceMs: number,
  ) {}

  faults({ TrainingJobName = 'TrainingJob', AlgorithmSpecification }: TrainingRequest): string[] {
    const faults = (AlgorithmSpecification?.MetricDefinitions ?? []).map(metricFault);
    return [
      ...faults.filter((fault) => fault !== undefined).map((fault) => `${TrainingJobName}: ${fault}`),
      ...(AlgorithmSpecification?.TrainingImage
        ? []
        : [`${TrainingJobName}: AlgorithmSpecification.TrainingImage is needed, got none; name an image`]),
    ];
  }

  describe(request: TrainingRequest): JsonObject {
    return {
      ...without(request, 'Tags', 'sharedInput'),
      SecondaryStatus: 'Starting',
      ModelArtifacts: { S3ModelArtifacts: `${this.outputPrefix(request)}/model.tar.gz` },
    };
  }

  async run(job: Job<TrainingRequest>): Promise<JobEnd> {
    const { request, directory } = job;
    const transitions: JsonObject[] = [];
    const enter = (status: string) => {
      const now = this.context.now().toISOString();
      transitions.push({ Status: status, StartTime: now });
      job.update({ SecondaryStatus: status, SecondaryStatusTransitions: transitions });
      return now;
    };
    enter('Downloading');
    writeTrainingConfiguration(directory, request);
    await this.provideInput(job);
    for (const folder of ['/opt/ml/model', '/opt/ml/output/data']) directory.make(folder);
    const started = enter('Training');
    job.update({ TrainingStartTime: started });
    const end = await this.train(job);
    const ended = this.context.now();
    const metrics = await latestMetrics(directory.log, request.AlgorithmSpecification?.MetricDefinitions ?? []);
    const seconds = Math.ceil((ended.getTime() - Date.parse(started)) / 1000);
    const members = {
      TrainingEndTime: ended.toISOString(),
      TrainingTimeInSeconds: seconds,
      BillableTimeInSeconds: seconds,
      FinalMetricDataList: [...metrics].map(([MetricName, Value]) => ({
        MetricName,
        Value,
        Timestamp: ended.toISOString(),
      })),
    };
    job.update(members);
    if (end.endedBy === 'itself' && end.exit.code !== 0) {
      enter('Failed');
      const said = await readHead(directory.at('/opt/ml/output/failure'), FAILURE_BYTES);
      throw await exitFailure(end.exit, directory, said);
    }
    enter('Uploading');
    await this.uploadOutput(job);
    const SecondaryStatus =
      end.endedBy === 'itself' ? 'Completed' : end.endedBy === 'stop' ? 'Stopped' : 'MaxRuntimeExceeded';
    enter(SecondaryStatus);
    return { status: SecondaryStatus === 'Completed' ? 'Completed' : 'Stopped', members: {} };
  }

  private async train({ request, name, arn, directory, signal, closing }: Job<TrainingRequest>): Promise<CommandEnd> {
    const { TrainingImage = '', ContainerEntrypoint, ContainerArguments } = request.AlgorithmSpecification ?? {};
    return runCommand(this.context, {
      imageUri: TrainingImage,
      command: [...(ContainerEntrypoint ?? ['train']), ...(ContainerArguments ?? [])],
      directory,
      environment: { TRAINING_JOB_NAME: name, TRAINING_JOB_ARN: arn, ...request.Environment },
      instanceType: request.ResourceConfig?.InstanceType,
      maxRuntimeSeconds: request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
      signal,
      closing,
      graceMs: this.graceMs,
    });
  }

  private async provideInput({ request, directory }: Job<TrainingRequest>): Promise<void> {
    const { sharedInput, CheckpointConfig } = request;
    if (CheckpointConfig?.S3Uri)
      await this.context.storage.download(
        CheckpointConfig.S3Uri,
        directory.make(CheckpointConfig.LocalPath ?? CHECKPOINTS),
      );
    if (sharedInput === undefined) {
      await downloadChannels(this.context, request, directory.make(INPUT_DATA));
      return;
    }
    mkdirSync(directory.at('/opt/ml/input'), { recursive: true });
    symlinkSync(sharedInput, directory.at(INPUT_DATA));
  }

  /** Also after a job that was stopped: what it has saved by then is kept. */
  private async uploadOutput({ request, directory }: Job<TrainingRequest>): Promise<void> {
    const { storage } = this.context;
    await writeArchive(directory.at('/opt/ml/model'), join(directory.artifacts, 'model.tar.gz'));
    const output = join(directory.artifacts, 'output.tar.gz');
    if ((await writeArchive(directory.at('/opt/ml/output/data'), output)) === 0) await rm(output);
    await storage.upload(directory.artifacts, this.outputPrefix(request));
    const { S3Uri, LocalPath = CHECKPOINTS } = request.CheckpointConfig ?? {};
    if (S3Uri) await storage.upload(directory.make(LocalPath), S3Uri);
  }

  private outputPrefix({ OutputDataConfig, TrainingJobName }: TrainingRequest): string {
    return `${(OutputDataConfig?.S3OutputPath ?? '').replace(/\/+$/, '')}/${TrainingJobName}/output`;
  }
}
