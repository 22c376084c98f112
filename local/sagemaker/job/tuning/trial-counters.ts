import type { JsonObject } from '../../../../core/json';
import { bestFirst, lossOf, type TrialSummary } from './trial';
import type { TuningRequest } from './tuning-plan';

/** As many training jobs without any success mean that the next one would fail too. */
const GIVE_UP_AFTER = 5;

/** The counters of a tuning job's description. */
export function countTrials(summaries: readonly TrialSummary[]): JsonObject {
  const status = (name: string) => summaries.filter(({ TrainingJobStatus }) => TrainingJobStatus === name).length;
  const objective = (name: string) => summaries.filter(({ ObjectiveStatus }) => ObjectiveStatus === name).length;
  return {
    TrainingJobStatusCounters: {
      Completed: status('Completed'),
      InProgress: status('InProgress') + status('Stopping'),
      RetryableError: 0,
      NonRetryableError: status('Failed'),
      Stopped: status('Stopped'),
    },
    ObjectiveStatusCounters: {
      Succeeded: objective('Succeeded'),
      Pending: objective('Pending'),
      Failed: objective('Failed'),
    },
  };
}

/** Whether more training jobs are pointless: the target is reached, nothing gets better, or nothing works. */
export function shouldEnd(
  { HyperParameterTuningJobConfig }: TuningRequest,
  summaries: readonly TrialSummary[],
): boolean {
  const ended = summaries.filter(({ ObjectiveStatus }) => ObjectiveStatus !== 'Pending');
  if (ended.length >= GIVE_UP_AFTER && ended.every(({ ObjectiveStatus }) => ObjectiveStatus === 'Failed')) return true;
  const { TargetObjectiveMetricValue: target, BestObjectiveNotImproving } =
    HyperParameterTuningJobConfig?.TuningJobCompletionCriteria ?? {};
  const [best] = bestFirst(summaries);
  const loss = best && lossOf(best);
  if (best === undefined || loss === undefined) return false;
  const maximize = HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective?.Type === 'Maximize';
  if (target !== undefined && loss <= (maximize ? -target : target)) return true;
  const patience = BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving;
  const since = ended.length - 1 - ended.findIndex(({ TrainingJobName }) => TrainingJobName === best.TrainingJobName);
  return patience !== undefined && since >= patience;
}
