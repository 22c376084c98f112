import {
  CreateTransformJobCommand,
  type CreateTransformJobCommandInput,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import { DueBatch, startDue, type TransformJob } from './logic';

/** The queue hands over one at a time: an error lets it come again, and at last go to the dead letters. */
const SqsBatch = z.looseObject({ Records: z.tuple([z.looseObject({ body: z.string() })]) });

export interface HandlerProps {
  readonly create: (job: TransformJob) => Promise<unknown>;
  readonly log: (entry: object) => void;
}

/** Answers what the schedule has put into the queue. */
export function createHandler({ create, log }: HandlerProps): (batch: unknown) => Promise<void> {
  return async (batch) => {
    const [{ body }] = SqsBatch.parse(batch).Records;
    log({ level: 'info', ...(await startDue(DueBatch.parse(JSON.parse(body)), create)) });
  };
}

let ready: ReturnType<typeof createHandler> | undefined;

/** Entry point of the Lambda function. */
export async function handler(batch: unknown): Promise<void> {
  if (!ready) {
    const sageMaker = new SageMakerClient({});
    ready = createHandler({
      // SageMaker says itself what it doesn't take.
      create: (job) => sageMaker.send(new CreateTransformJobCommand(job as unknown as CreateTransformJobCommandInput)),
      log: (entry) => console.log(JSON.stringify(entry)),
    });
  }
  return ready(batch);
}
