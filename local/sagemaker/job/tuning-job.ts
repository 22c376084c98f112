import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { JsonObject } from '../../../core/json';
import { without } from '../api/without';
import type { Context } from '../context';
import type { Collection } from '../store';
import { downloadChannels } from './download-channels';
import { JobError } from './job-error';
import type { Job, JobEnd, JobRunner } from './job-runner';
import type { JobRecord, Jobs } from './jobs';
import { metricFault } from './metric-definitions';
import { type AbortReason, throwIfClosing } from './run-command';
import { hyperParametersAt, type Point } from './tuning/strategy';
import { bestFirst, lossOf, summarise, type TrialSummary } from './tuning/trial';
import { countTrials, shouldEnd } from './tuning/trial-counters';
import { planTuning, type TuningPlan, type TuningRequest } from './tuning/tuning-plan';

interface Trial {
  readonly point: Point;
  readonly ended: Promise<void>;
  summary: TrialSummary;
}

/** The training jobs of each tuning job, in the order in which they were started. */
export interface TrialList {
  readonly summaries: readonly TrialSummary[];
}

export function trialsOf({ store }: Pick<Context, 'store'>): Collection<TrialList> {
  return store.collection<TrialList>('hyper-parameter-tuning-job-trials');
}

/**
 * Runs hyperparameter tuning jobs. The channels are downloaded once; each training job sees them by a link.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html
 */
export class TuningJobRunner implements JobRunner<TuningRequest> {
  readonly noun = 'HyperParameterTuningJob';

  constructor(
    private readonly context: Context,
    private readonly jobs: Jobs,
  ) {}

  faults(request: TuningRequest): string[] {
    const faults: string[] = [];
    const name = request.HyperParameterTuningJobName ?? this.noun;
    const fault = (message: string) => faults.push(`${name}: ${message}`);
    if (!request.TrainingJobDefinition?.AlgorithmSpecification?.TrainingImage)
      fault('TrainingJobDefinition.AlgorithmSpecification.TrainingImage is needed, got none; name an image');
    planTuning(request, fault);
    for (const definition of request.TrainingJobDefinition?.AlgorithmSpecification?.MetricDefinitions ?? []) {
      const wrong = metricFault(definition);
      if (wrong !== undefined) fault(wrong);
    }
    return faults;
  }

  describe(request: TuningRequest): JsonObject {
    return { ...without(request, 'Tags'), ...countTrials([]) };
  }

  async run(job: Job<TuningRequest>): Promise<JobEnd> {
    const plan = planTuning(job.request, (message) => {
      throw new JobError('ClientError', message);
    });
    await downloadChannels(this.context, job.request.TrainingJobDefinition ?? {}, job.directory.sharedInput);
    const trials: Trial[] = [];
    let timeIsUp = false;
    const stopAll = () => {
      // A server that closes ends its jobs itself, in a way that the next server can go on from.
      if (job.signal.reason === ('close' satisfies AbortReason)) return;
      for (const { summary } of trials) this.jobs.stop('TrainingJob', summary.TrainingJobName ?? '');
    };
    const timer =
      plan.maxRuntimeSeconds === undefined
        ? undefined
        : setTimeout(
            () => {
              timeIsUp = true;
              stopAll();
            },
            Math.min(plan.maxRuntimeSeconds * 1000, 2 ** 31 - 1),
          );
    job.signal.addEventListener('abort', stopAll);
    try {
      while (trials.length < plan.jobs) {
        await slotFor(trials, plan);
        const reached = shouldEnd(job.request, summaries(trials));
        if (reached || timeIsUp || job.signal.aborted) break;
        trials.push(this.launch(job, plan, trials));
        this.record(job, trials);
      }
      await Promise.all(trials.map(({ ended }) => ended));
    } catch (error) {
      stopAll();
      throw error;
    } finally {
      clearTimeout(timer);
      job.signal.removeEventListener('abort', stopAll);
    }
    throwIfClosing(job.signal);
    return this.conclude(job, trials);
  }

  private launch(job: Job<TuningRequest>, plan: TuningPlan, trials: Trial[]): Trial {
    const index = trials.length;
    const known = index - plan.parallel;
    const history = trials.map(({ point, summary }, i) => ({ point, loss: i <= known ? lossOf(summary) : undefined }));
    const point = plan.strategy.propose(index, history);
    const tuned = hyperParametersAt(plan.ranges, point);
    const name = `${job.name}-${String(index + 1).padStart(3, '0')}-${digest(`${job.name}/${index}`)}`;
    this.jobs.start('TrainingJob', trainingRequest(job, name, tuned, plan.objective.name));
    const trial: Trial = {
      point,
      summary: summarise(this.jobs.describe('TrainingJob', name), tuned, plan),
      ended: this.follow(name, (record) => {
        trial.summary = summarise(record, tuned, plan);
        this.record(job, trials);
      }),
    };
    // It is awaited below; until then a closing server must not die of it.
    trial.ended.catch(() => {});
    return trial;
  }

  private async follow(name: string, ended: (record: JobRecord) => void): Promise<void> {
    ended(await this.jobs.ended('TrainingJob', name));
  }

  private record(job: Job<TuningRequest>, trials: readonly Trial[]): void {
    const all = summaries(trials);
    const [best] = bestFirst(all);
    trialsOf(this.context).put(job.name, { summaries: all });
    const BestTrainingJob = best && lossOf(best) !== undefined ? (best as unknown as JsonObject) : undefined;
    job.update({ ...countTrials(all), ...(BestTrainingJob && { BestTrainingJob }) });
  }

  private async conclude(job: Job<TuningRequest>, trials: readonly Trial[]): Promise<JobEnd> {
    const all = summaries(trials);
    const failed = all.filter(({ TrainingJobStatus }) => TrainingJobStatus === 'Failed');
    // A training job that failed keeps its folder, so it keeps what the folder links to.
    if (failed.length === 0) await rm(job.directory.sharedInput, { recursive: true, force: true });
    if (job.signal.aborted) return { status: 'Stopped', members: {} };
    if (all.some((summary) => lossOf(summary) !== undefined)) return { status: 'Completed', members: {} };
    const [first] = failed;
    throw new JobError(
      'ClientError',
      first
        ? `no training job of ${all.length} succeeded; ${first.TrainingJobName}: ${first.FailureReason}`
        : `no training job of ${all.length} wrote the objective metric; see the logs of the training jobs`,
    );
  }
}

/** Waits until another training job may start. A strategy that learns also waits for the results that it is to use. */
async function slotFor(trials: readonly Trial[], { parallel, strategy }: TuningPlan): Promise<void> {
  // Which jobs have ended by now depends on the machine's load: to be reproducible, number n learns from 0 to n - parallel.
  if (strategy.learns)
    await Promise.all(trials.slice(0, Math.max(0, trials.length - parallel + 1)).map(({ ended }) => ended));
  const running = () => trials.filter(({ summary }) => summary.ObjectiveStatus === 'Pending');
  while (running().length >= parallel) await Promise.race(running().map(({ ended }) => ended));
}

function trainingRequest(
  { arn, directory, request }: Job<TuningRequest>,
  name: string,
  tuned: Readonly<Record<string, string>>,
  objective: string,
): JsonObject {
  const definition = request.TrainingJobDefinition;
  const checkpoints = definition?.CheckpointConfig;
  return {
    ...without(definition ?? {}, 'DefinitionName', 'TuningObjective', 'StaticHyperParameters', 'CheckpointConfig'),
    TrainingJobName: name,
    HyperParameters: { ...definition?.StaticHyperParameters, ...tuned, _tuning_objective_metric: objective },
    ...(checkpoints && { CheckpointConfig: { ...checkpoints, S3Uri: `${checkpoints.S3Uri}/${name}` } }),
    TuningJobArn: arn,
    sharedInput: directory.sharedInput,
  };
}

function summaries(trials: readonly Trial[]): TrialSummary[] {
  return trials.map(({ summary }) => summary);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
