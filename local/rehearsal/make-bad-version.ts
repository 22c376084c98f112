import {
  CreateProcessingJobCommand,
  DescribePipelineCommand,
  DescribeProcessingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { Say } from '../loop/progress';
import type { Target } from '../loop/target';
import { waitUntil } from '../loop/wait-until';
import type { Fault } from './fault';
import type { LivePackage } from './live-package';
import { slowSeconds } from './require-guard';

export interface BadVersionProps {
  readonly live: LivePackage;
  readonly fault: Fault;
  readonly now: Date;
  readonly say: Say;
}

const INPUT = '/opt/ml/processing/input/model';
const OUTPUT = '/opt/ml/processing/output/model';
const TIMEOUT_SECONDS = 300;

/**
 * Makes a version of the live model that is bad in one way: a processing job in the model's own image wraps its
 * estimator. @returns URI of the model.tar.gz
 * @throws Error with the job's reason if it fails
 */
export async function makeBadVersion(target: Target, props: BadVersionProps): Promise<string> {
  const { live, fault, now, say } = props;
  const { sageMaker } = target.clients;
  const job = `rehearsal-${fault}-${now.getTime().toString(36)}`;
  const bucket = await target.bucket('ModelsBucketName');
  const output = `s3://${bucket}/${target.props.model}/rehearsals/${job}`;
  const { RoleArn } = await sageMaker.send(new DescribePipelineCommand({ PipelineName: target.name }));
  const seconds = slowSeconds(target.props.spec.rollout.guards);
  const { instanceType, volumeGb } = target.props.spec.training;
  await sageMaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName: job,
      RoleArn,
      AppSpecification: {
        // What serves it may have no Python.
        ImageUri: live.trainingImage,
        ContainerEntrypoint: ['python3', '/opt/program/common/rehearse.py'],
        ContainerArguments: ['--fault', fault, ...(fault === 'slow' ? ['--seconds', String(seconds)] : [])],
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1, InstanceType: instanceType as 'ml.m5.large', VolumeSizeInGB: volumeGb },
      },
      ProcessingInputs: [
        {
          InputName: 'model',
          S3Input: { S3Uri: live.artefact, LocalPath: INPUT, S3DataType: 'S3Prefix', S3InputMode: 'File' },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [{ OutputName: 'model', S3Output: { S3Uri: output, LocalPath: OUTPUT, S3UploadMode: 'EndOfJob' } }],
      },
      StoppingCondition: { MaxRuntimeInSeconds: TIMEOUT_SECONDS },
    }),
  );
  await waitUntil(
    async () => {
      const { ProcessingJobStatus, ExitMessage, FailureReason } = await sageMaker.send(
        new DescribeProcessingJobCommand({ ProcessingJobName: job }),
      );
      say(`processing job ${job} is ${ProcessingJobStatus}`);
      if (ProcessingJobStatus === 'Completed') return true;
      if (ProcessingJobStatus === 'InProgress' || ProcessingJobStatus === 'Stopping') return undefined;
      throw new Error(
        `${job}: could not make the bad version, got ${FailureReason ?? ProcessingJobStatus} ${ExitMessage ?? ''}; if its image is older than the code, run npx mlops local run`,
      );
    },
    () => `${job}: still runs after ${TIMEOUT_SECONDS} s, got no end; look at its log`,
    { timeoutSeconds: TIMEOUT_SECONDS },
  );
  return `${output}/model.tar.gz`;
}
