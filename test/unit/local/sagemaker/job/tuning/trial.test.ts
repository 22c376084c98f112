import type { JobRecord } from '../../../../../../local/sagemaker/job/jobs';
import { bestFirst, summarise, type TrialSummary } from '../../../../../../local/sagemaker/job/tuning/trial';

const TIME = '2026-01-01T00:00:00.000Z';

function trial(TrainingJobStatus: string, value?: number, type: 'Minimize' | 'Maximize' = 'Minimize'): TrialSummary {
  const FinalMetricDataList = value === undefined ? [] : [{ MetricName: 'rmse', Value: value, Timestamp: TIME }];
  const record: JobRecord = {
    TrainingJobName: `job-${value}`,
    TrainingJobStatus,
    FinalMetricDataList,
    CreationTime: TIME,
    LastModifiedTime: TIME,
  };
  return summarise(record, {}, { objective: { name: 'rmse', type } });
}

describe('a training job of a tuning job', () => {
  test.each([
    ['InProgress', undefined, 'Pending'],
    ['Stopping', undefined, 'Pending'],
    ['Completed', undefined, 'Failed'],
    ['Completed', 0, 'Succeeded'],
    ['Stopped', -1, 'Succeeded'],
    ['Stopped', undefined, 'Failed'],
    ['Failed', 1, 'Failed'],
  ])('that is %s with the result %s has the objective status %s', (status, value, expected) => {
    expect(trial(status, value).ObjectiveStatus).toBe(expected);
  });

  test.each([
    ['Minimize', ['job--1', 'job-0', 'job-2', 'job-undefined']],
    ['Maximize', ['job-2', 'job-0', 'job--1', 'job-undefined']],
  ] as const)('comes by its result, to %s, and after all others without one', (type, expected) => {
    const trials = [undefined, 2, -1, 0].map((value) => trial('Completed', value, type));
    expect(bestFirst(trials).map(({ TrainingJobName }) => TrainingJobName)).toEqual(expected);
  });
});
