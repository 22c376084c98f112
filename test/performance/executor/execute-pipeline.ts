import { setTimeout as delay } from 'node:timers/promises';
import {
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  type SageMakerClient,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { BENCH_ACCOUNT as ACCOUNT, BENCH_REGION as REGION } from '../measure/bench-aws';
import type { RunFolders } from './contestant';
import { pipelineDefinition } from './definition';
import type { Work } from './work';

/** What runs in each step: a script of an image. */
export interface PipelineStep {
  readonly tag: string;
  /** In `peers/`. */
  readonly script: string;
}

export interface ExecutePipelineProps {
  readonly name: string;
  readonly work: Work;
  readonly folders: RunFolders;
  /** See {@link pipelineDefinition}. */
  readonly prefix: string | undefined;
  readonly step: PipelineStep;
  /** From one question whether it has ended to the next, in milliseconds. @default 50 */
  readonly pollMs?: number;
}

export interface ExecutedPipeline {
  readonly executionId: string;
  readonly seconds: number;
  /** @default - it has succeeded */
  readonly failure?: string;
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/bench`;

/** Creates a pipeline and runs it once. */
export async function executePipeline(
  sageMaker: SageMakerClient,
  { name, work, folders, prefix, step, pollMs = 50 }: ExecutePipelineProps,
): Promise<ExecutedPipeline> {
  await sageMaker.send(
    new CreatePipelineCommand({
      PipelineName: name,
      PipelineDefinition: pipelineDefinition({
        work,
        imageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/bench:${step.tag}`,
        script: step.script,
        role: ROLE,
        outputs: folders.outputs,
        prefix,
      }),
      RoleArn: ROLE,
      ClientRequestToken: `${name}-token-of-thirty-two-characters`,
    }),
  );
  const begun = Date.now();
  const { PipelineExecutionArn = '' } = await sageMaker.send(new StartPipelineExecutionCommand({ PipelineName: name }));
  for (;;) {
    await delay(pollMs);
    const { PipelineExecutionStatus, FailureReason, LastModifiedTime } = await sageMaker.send(
      new DescribePipelineExecutionCommand({ PipelineExecutionArn }),
    );
    if (PipelineExecutionStatus === 'Executing') continue;
    return {
      executionId: PipelineExecutionArn.slice(PipelineExecutionArn.lastIndexOf('/') + 1),
      // Not when it was heard of: the end itself, by the same clock.
      seconds: ((LastModifiedTime?.getTime() ?? Number.NaN) - begun) / 1000,
      ...(PipelineExecutionStatus !== 'Succeeded' && { failure: `${PipelineExecutionStatus}, ${FailureReason}` }),
    };
  }
}
