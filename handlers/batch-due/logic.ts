import { z } from 'zod';
import { errorName } from '../../core/release/aws/service-errors';
import { compactTime } from '../../core/release/decision';

/** What a schedule says when a batch is due. */
export const DueBatch = z.strictObject({
  /** When it was due, which is the same however often it is told. */
  scheduledTime: z.iso.datetime(),
  /** Jobs are named after it. */
  jobPrefix: z.string().min(1),
  /** Of CreateTransformJob, but for the name. Answers go to a folder of the job below its output path. */
  request: z.looseObject({ TransformOutput: z.looseObject({ S3OutputPath: z.string().startsWith('s3://') }) }),
});
export type DueBatch = z.output<typeof DueBatch>;

export type TransformJob = DueBatch['request'] & { readonly TransformJobName: string };

export interface Started {
  readonly job: string;
  /** Whether an earlier attempt had started it. */
  readonly before: boolean;
}

/**
 * Starts the one job of a time. Its name comes from the time, so that a second attempt finds what the first has done, even
 * if nobody heard of its success.
 * @throws Error of the service if the job can't be started now
 */
export async function startDue(
  { scheduledTime, jobPrefix, request }: DueBatch,
  create: (job: TransformJob) => Promise<unknown>,
): Promise<Started> {
  const job = `${jobPrefix}-${compactTime(scheduledTime)}`;
  const { TransformOutput } = request;
  const S3OutputPath = `${TransformOutput.S3OutputPath}/${job}`;
  try {
    await create({ ...request, TransformJobName: job, TransformOutput: { ...TransformOutput, S3OutputPath } });
    return { job, before: false };
  } catch (error) {
    // Names are unique in an account and region for good.
    if (errorName(error) === 'ResourceInUse') return { job, before: true };
    throw error;
  }
}
