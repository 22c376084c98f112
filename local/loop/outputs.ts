import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DescribeProcessingJobCommand } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import { Evaluation } from '../../core/evaluation';
import type { Execution } from './execution';
import type { Target } from './target';

/** Held-out rows with their true answers, as `prepare.py` leaves them beside the profile of the data. */
export const Sample = z.looseObject({
  instances: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))).min(1),
  labels: z.array(z.int()).min(1),
});
export type Sample = z.output<typeof Sample>;

/** What the step Evaluate of an execution wrote. @throws Error if it didn't run or wrote something else */
export async function readEvaluation(target: Target, execution: Execution): Promise<Evaluation> {
  return Evaluation.parse(await readOutput(target, execution, 'Evaluate', 'evaluation', 'evaluation.json'));
}

export async function readSample(target: Target, execution: Execution): Promise<Sample> {
  return Sample.parse(await readOutput(target, execution, 'Prepare', 'profile', 'sample.json'));
}

async function readOutput(
  target: Target,
  execution: Execution,
  step: string,
  output: string,
  file: string,
): Promise<unknown> {
  const arn = execution.steps.find(({ StepName }) => StepName === step)?.Metadata?.ProcessingJob?.Arn;
  if (!arn) throw new Error(`${step}: left no output ${output}, because it did not run; look at ${execution.arn}`);
  const { ProcessingOutputConfig } = await target.clients.sageMaker.send(
    new DescribeProcessingJobCommand({ ProcessingJobName: arn.slice(arn.lastIndexOf('/') + 1) }),
  );
  const uri = ProcessingOutputConfig?.Outputs?.find(({ OutputName }) => OutputName === output)?.S3Output?.S3Uri;
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/?$/.exec(uri ?? '') ?? [];
  if (!bucket || !prefix)
    throw new Error(`${step}: declares no output ${output}, got ${uri}; check the pipeline's definition`);
  const { Body } = await target.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}/${file}` }));
  return JSON.parse((await Body?.transformToString()) ?? 'null');
}
