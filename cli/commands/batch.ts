import type { Command } from 'commander';
import { InvalidInputError } from '../../core/invalid-input-error';
import { unlessMissing } from '../../core/release/aws/service-errors';
import type { BatchApi, TransformJob } from '../batch/batch-api';
import { followJob, hasEnded } from '../batch/follow-job';
import { servedModel } from '../batch/served-model';
import { checkAddresses, newJobName, transformRequest } from '../batch/transform-request';
import { type Chosen, choose } from '../model-argument';
import type { Surroundings } from '../output';
import { inHouseForm } from '../release/in-house-form';

export interface BatchCommandOptions {
  /** @default - the AWS of this machine or of the environment's account, by the SDK */
  readonly connect?: (chosen: Chosen, surroundings: Surroundings) => Promise<BatchApi>;
  /** @default - the clock of the machine */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

interface Options {
  readonly env: string;
  readonly input?: string;
  readonly output?: string;
  readonly jobName?: string;
  readonly contentType?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `mlops batch`: the released version on objects in S3. */
export function batchCommand(
  program: Command,
  surroundings: Surroundings,
  { connect = connectByDefault, sleep }: BatchCommandOptions = {},
): void {
  const { out } = surroundings;
  program
    .command('batch <model>')
    .description('have the released version answer every object below a prefix of S3, by a batch transform job')
    .option('--env <name>', 'environment', 'local')
    .option('--input <s3-uri>', 'prefix of what is asked')
    .option('--output <s3-uri>', 'prefix that answers go below, as NAME.out')
    .option('--job-name <name>', 'take up the job of that name, or start it under that name (default: a new one)')
    .option('--content-type <type>', 'of the objects, and of the answers (default: as the model says, or text/csv)')
    .option('--wait', 'stay until the job has ended; without it, leave once it is on its way')
    .option('--json', 'print the job as JSON')
    .action(async (name: string, options: Options) => {
      const chosen = await choose(options.env, name);
      checkAddresses(options, false);
      await inHouseForm(chosen, async () => {
        const api = await connect(chosen, surroundings);
        const { jobName, job: begun } = await startOrFind(api, chosen, options, surroundings);
        const everySeconds = chosen.environment.emulated ? 1 : 15;
        const again = `npx mlops batch ${name} --env ${options.env} --job-name ${jobName} --wait`;
        if (options.wait && !hasEnded(begun)) {
          surroundings.onInterrupt(async () => out.note(`the job goes on; to see its end: ${again}`));
        }
        const job = options.wait ? await followJob({ api, jobName, everySeconds, surroundings, sleep }) : begun;
        print(job, jobName, options, surroundings);
        if (hasEnded(job)) requireCompleted(jobName, job);
        else out.note(`to see its end: ${again}`);
      });
    });
}

/** A job of that name is taken up, so that a command which was killed can be given again. */
async function startOrFind(
  api: BatchApi,
  chosen: Chosen,
  options: Options,
  { now, out }: Surroundings,
): Promise<{ readonly jobName: string; readonly job: TransformJob }> {
  const { serving } = chosen.spec;
  const { input = '', output = '' } = options;
  const contentType = options.contentType ?? (serving.mode === 'batch' ? serving.contentType : 'text/csv');
  const jobName = options.jobName ?? newJobName(chosen, now());
  const describe = () => api.sageMaker.describeTransformJob({ TransformJobName: jobName });
  const found = options.jobName === undefined ? undefined : await unlessMissing(describe());
  if (found) {
    requireSame(jobName, found, options);
    out.note(`${jobName}: takes up the job that is there`);
    return { jobName, job: found };
  }
  checkAddresses(options, true);
  const model = await servedModel(api, chosen);
  // Whoever is interrupted from here on can take the job up by this name.
  out.note(`${jobName}: starts with the model ${model}`);
  await api.sageMaker.createTransformJob(
    transformRequest({ chosen, jobName, modelName: model, input, output, contentType }),
  );
  return { jobName, job: await describe() };
}

/** @throws InvalidInputError if the job of that name is about something else */
function requireSame(jobName: string, job: TransformJob, { input, output }: Options): void {
  const has = {
    '--input': [input, job.TransformInput?.DataSource?.S3DataSource?.S3Uri],
    '--output': [output, job.TransformOutput?.S3OutputPath],
  } as const;
  for (const [option, [asked, found]] of Object.entries(has)) {
    if (asked === undefined || asked === found) continue;
    throw new InvalidInputError(
      option,
      `the job ${jobName} is there already and has ${found}, got ${asked}`,
      'leave the option out to take the job up, or choose another --job-name',
    );
  }
}

function print(job: TransformJob, jobName: string, { json }: Options, { out }: Surroundings): void {
  const { TransformJobStatus: status = 'InProgress', TransformStartTime: start, TransformEndTime: end } = job;
  const seconds = start && end ? (end.getTime() - start.getTime()) / 1000 : null;
  const input = job.TransformInput?.DataSource?.S3DataSource?.S3Uri ?? null;
  const output = job.TransformOutput?.S3OutputPath ?? null;
  if (json) {
    const { ModelName: model = null, FailureReason: failureReason = null } = job;
    out.line(JSON.stringify({ job: jobName, status, model, input, output, seconds, failureReason }, null, 2));
  } else {
    out.line(
      `${jobName}: ${status}${seconds === null ? '' : ` after ${seconds.toFixed(0)} s`}, answers below ${output}`,
    );
  }
}

/** @throws Error if the job has failed or was stopped */
function requireCompleted(jobName: string, { TransformJobStatus: status, FailureReason }: TransformJob): void {
  if (status === 'Completed') return;
  throw new Error(
    `${jobName}: ended ${status}, got ${FailureReason ?? 'no reason'}; see the log group /aws/sagemaker/TransformJobs, correct it and start another job`,
  );
}

/** The SDK's clients take a while to load: only once a command needs them. */
const connectByDefault: NonNullable<BatchCommandOptions['connect']> = async (chosen, surroundings) => {
  const { connectBatch } = await import('../batch/connect-batch');
  return connectBatch(chosen, surroundings);
};
