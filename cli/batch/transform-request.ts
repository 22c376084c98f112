import { createHash } from 'node:crypto';
import type { CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import type { ServingOf } from '../../config/serving';
import { Faults } from '../../core/faults';
import { modelName } from '../../core/names';
import type { Chosen } from '../model-argument';

/** The least and most that S3 takes, and that keeps a prefix from meaning a whole bucket by a slip. */
const S3_URI = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^\s]*)?$/;
/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
const JOB_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const LONGEST_JOB_NAME = 63;

export interface TransformRequestProps {
  readonly chosen: Chosen;
  readonly jobName: string;
  readonly modelName: string;
  readonly input: string;
  readonly output: string;
  readonly contentType: string;
}

/** @throws InvalidInputError naming each address or name that no job takes */
export function checkAddresses(
  { input, output, jobName }: { readonly input?: string; readonly output?: string; readonly jobName?: string },
  toStart: boolean,
): void {
  const faults = new Faults();
  for (const [option, uri] of Object.entries({ '--input': input, '--output': output })) {
    if (uri === undefined) {
      if (toStart) faults.add(option, 'a new job needs an address in S3, got none', 'give s3://bucket/prefix');
    } else if (!S3_URI.test(uri)) faults.add(option, `must be an address in S3, got ${uri}`, 'give s3://bucket/prefix');
  }
  if (jobName !== undefined && !JOB_NAME.test(jobName)) {
    faults.add(
      '--job-name',
      `must be at most ${LONGEST_JOB_NAME} letters, digits and hyphens, got ${jobName}`,
      'choose another name',
    );
  }
  if (input !== undefined && output !== undefined && contains(input, output)) {
    faults.add(
      '--output',
      `must not lie below --input, or the next run would read answers, got ${output}`,
      'separate them',
    );
  }
  faults.throwIfAny('batch');
}

/** A name of its own for every second, that sorts by time. */
export function newJobName({ environmentName, model }: Chosen, now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[^\d]/g, '');
  const name = modelName(environmentName, model);
  const longest = LONGEST_JOB_NAME - time.length - 1;
  // A cut name is told from its like by a digest.
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.length <= longest ? name : `${name.slice(0, longest - 7).replace(/-+$/, '')}-${digest}`}-${time}`;
}

/** What starts the job: settings are those of a model that serves by batch, and their defaults for every other. */
export function transformRequest(props: TransformRequestProps): CreateTransformJobCommandInput {
  const { chosen, contentType } = props;
  const { splitType, strategy, maxPayloadMb, maxConcurrentTransforms, joinInput, instanceType, instanceCount } =
    settingsOf(chosen);
  const lines = splitType === 'Line';
  return {
    TransformJobName: props.jobName,
    ModelName: props.modelName,
    BatchStrategy: strategy,
    MaxPayloadInMB: maxPayloadMb,
    MaxConcurrentTransforms: maxConcurrentTransforms,
    TransformInput: {
      ContentType: contentType,
      SplitType: splitType,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: props.input } },
    },
    TransformOutput: { S3OutputPath: props.output, Accept: contentType, AssembleWith: lines ? 'Line' : 'None' },
    TransformResources: {
      InstanceType: instanceType as NonNullable<CreateTransformJobCommandInput['TransformResources']>['InstanceType'],
      InstanceCount: instanceCount,
    },
    ...(joinInput && { DataProcessing: { JoinSource: 'Input' as const } }),
    Tags: [
      { Key: 'environment', Value: chosen.environmentName },
      { Key: 'model', Value: chosen.model },
    ],
  };
}

/** What a job takes of a model's settings; when and where scheduled ones run is no matter here. */
type JobSettings = Omit<
  ServingOf<'batch'>,
  'mode' | 'schedule' | 'inPipeline' | 'timeZone' | 'inputPrefix' | 'outputPrefix' | 'contentType'
>;

function settingsOf({ spec: { serving } }: Chosen): JobSettings {
  if (serving.mode === 'batch') return serving;
  return {
    instanceType: ('instanceType' in serving ? serving.instanceType : undefined) ?? 'ml.m5.large',
    instanceCount: 1,
    splitType: 'Line',
    strategy: 'MultiRecord',
    maxPayloadMb: 6,
    maxConcurrentTransforms: 1,
    joinInput: false,
  };
}

function contains(prefix: string, uri: string): boolean {
  return `${uri.replace(/\/+$/, '')}/`.startsWith(`${prefix.replace(/\/+$/, '')}/`);
}
