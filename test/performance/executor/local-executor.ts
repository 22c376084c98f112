import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import type { Clients } from '../../../local/clients';
import { S3ObjectStorage } from '../../../local/sagemaker/storage/s3-object-storage';
import { BENCH_ACCOUNT as ACCOUNT, BENCH_REGION as REGION, startBenchAws } from '../measure/bench-aws';
import type { BenchPlace } from '../measure/bench-place';
import type { Contestant, RunFolders } from './contestant';
import { pipelineDefinition } from './definition';
import type { Work } from './work';

const TAG = 'bench-step';
const IMAGE_URI = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/bench:${TAG}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/bench`;
const BUCKET = 'bench-executor';
const POLL_MS = 50;

export interface LocalExecutor {
  /** Ours: without data that is handed on, as the peers run it, and with all of it going through S3. */
  readonly contestants: readonly [Contestant, Contestant];
  readonly close: () => Promise<void>;
}

/**
 * Starts the local AWS as `mlops local up` does, with nothing deployed in it.
 * @param stepPython runs the processes of steps
 * @throws Error with the end of a log if it doesn't start
 */
export async function startLocalExecutor(place: BenchPlace, stepPython: string): Promise<LocalExecutor> {
  const { clients, close } = await startBenchAws(place, 'executor', [
    { tag: TAG, program: join(__dirname, 'peers'), interpreter: stepPython, environment: {} },
  ]);
  try {
    await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    return { contestants: [contestant(clients, false), contestant(clients, true)], close };
  } catch (error) {
    await close();
    throw error;
  }
}

function contestant(clients: Clients, throughS3: boolean): Contestant {
  const title = throughS3 ? 'mlops-stack, outputs through S3' : 'mlops-stack';
  return {
    id: throughS3 ? 'ours-s3' : 'ours',
    title,
    versions: '',
    run: async (work, folders) => {
      const name = `bench-${Math.random().toString(36).slice(2)}`;
      const prefix = throughS3 ? `s3://${BUCKET}/${name}` : undefined;
      const { seconds, failure } = await execute(clients, name, work, { folders, prefix });
      if (failure !== undefined) throw new Error(`${title}: must run ${work.steps} steps, got ${failure}`);
      if (prefix !== undefined) await fetchOutputs(clients, prefix, work, folders);
      return seconds;
    },
  };
}

async function execute(
  { sageMaker }: Clients,
  name: string,
  work: Work,
  { folders, prefix }: { readonly folders: RunFolders; readonly prefix: string | undefined },
): Promise<{ readonly seconds: number; readonly failure?: string }> {
  await sageMaker.send(
    new CreatePipelineCommand({
      PipelineName: name,
      PipelineDefinition: pipelineDefinition({
        work,
        imageUri: IMAGE_URI,
        role: ROLE,
        outputs: folders.outputs,
        prefix,
      }),
      RoleArn: ROLE,
      ClientRequestToken: `${name}-token-of-thirty-two-characters`,
    }),
  );
  const begun = Date.now();
  const { PipelineExecutionArn } = await sageMaker.send(new StartPipelineExecutionCommand({ PipelineName: name }));
  for (;;) {
    await delay(POLL_MS);
    const { PipelineExecutionStatus, FailureReason, LastModifiedTime } = await sageMaker.send(
      new DescribePipelineExecutionCommand({ PipelineExecutionArn }),
    );
    if (PipelineExecutionStatus === 'Executing') continue;
    return {
      // Not when it was heard of: the end itself, by the same clock.
      seconds: ((LastModifiedTime?.getTime() ?? Number.NaN) - begun) / 1000,
      ...(PipelineExecutionStatus !== 'Succeeded' && { failure: `${PipelineExecutionStatus}, ${FailureReason}` }),
    };
  }
}

/** Brings the files of the steps to where those of the others lie. */
async function fetchOutputs({ s3 }: Clients, prefix: string, { steps }: Work, { outputs }: RunFolders): Promise<void> {
  const storage = new S3ObjectStorage(s3);
  for (let index = 0; index < steps; index += 1) await storage.download(`${prefix}/${index}/`, outputs);
}
