import type { HyperParameterTrainingJobSummary } from '@aws-sdk/client-sagemaker';
import type { JobRecord } from '../jobs';
import { text } from '../text';
import type { Wire } from '../wire';
import type { TuningPlan } from './tuning-plan';

/** One training job of a tuning job, as ListTrainingJobsForHyperParameterTuningJob shows it. */
export type TrialSummary = Wire<HyperParameterTrainingJobSummary>;

/** @param record the training job, running or ended */
export function summarise(
  record: JobRecord,
  tuned: Readonly<Record<string, string>>,
  { objective }: Pick<TuningPlan, 'objective'>,
): TrialSummary {
  const status = text(record.TrainingJobStatus) as TrialSummary['TrainingJobStatus'];
  const value = status === 'Completed' || status === 'Stopped' ? latestValue(record, objective.name) : undefined;
  return {
    TrainingJobName: text(record.TrainingJobName),
    TrainingJobArn: text(record.TrainingJobArn),
    CreationTime: record.CreationTime,
    TrainingJobStatus: status,
    TunedHyperParameters: tuned,
    ...given(record, 'TrainingStartTime'),
    ...given(record, 'TrainingEndTime'),
    ...given(record, 'FailureReason'),
    ObjectiveStatus: value !== undefined ? 'Succeeded' : isRunning(status) ? 'Pending' : 'Failed',
    ...(value !== undefined && {
      FinalHyperParameterTuningJobObjectiveMetric: { Type: objective.type, MetricName: objective.name, Value: value },
    }),
  };
}

function isRunning(status: TrialSummary['TrainingJobStatus']): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** Smaller is better; undefined without a result. */
export function lossOf(summary: TrialSummary): number | undefined {
  const { Type, Value } = summary.FinalHyperParameterTuningJobObjectiveMetric ?? {};
  return Value === undefined ? undefined : Type === 'Maximize' ? -Value : Value;
}

/** Best first; those without a result come last, each group in the order in which it was started. */
export function bestFirst(summaries: readonly TrialSummary[]): TrialSummary[] {
  const loss = (summary: TrialSummary) => lossOf(summary) ?? Number.POSITIVE_INFINITY;
  // Two results of infinity can't occur: metrics are finite.
  return summaries.toSorted((a, b) => (loss(a) === loss(b) ? 0 : loss(a) - loss(b)));
}

function latestValue(record: JobRecord, metric: string): number | undefined {
  const metrics = (record.FinalMetricDataList ?? []) as readonly { MetricName: string; Value: number }[];
  return metrics.find(({ MetricName }) => MetricName === metric)?.Value;
}

function given(record: JobRecord, member: string): Record<string, string> {
  const value = record[member];
  return typeof value === 'string' ? { [member]: value } : {};
}
