import type { JsonObject } from '../../../core/json';
import { listRecords } from '../api/list-records';
import { without } from '../api/without';
import type { Context } from '../context';
import type { Operation, Operations } from '../operation';
import { JOB_NOUNS, type JobNoun } from './job-noun';
import type { JobRecord, Jobs } from './jobs';
import { text } from './text';
import { bestFirst, lossOf, type TrialSummary } from './tuning/trial';
import { trialsOf } from './tuning-job';

/** Members of the Describe answer that the List answer repeats, besides name, ARN, status and times. */
const SUMMARY: Readonly<Record<JobNoun, readonly string[]>> = {
  ProcessingJob: ['ProcessingEndTime', 'FailureReason', 'ExitMessage'],
  TrainingJob: ['TrainingEndTime', 'SecondaryStatus'],
  HyperParameterTuningJob: ['HyperParameterTuningEndTime', 'TrainingJobStatusCounters', 'ObjectiveStatusCounters'],
  TransformJob: ['TransformEndTime', 'FailureReason'],
};

/** Create, Describe, List and Stop of every kind of job. */
export function jobOperations(context: Context, jobs: Jobs): Operations {
  const perNoun = JOB_NOUNS.flatMap((noun): [string, Operation][] => [
    [`Create${noun}`, (input) => ({ [`${noun}Arn`]: jobs.start(noun, input) })],
    [`Describe${noun}`, (input) => described(noun, jobs.describe(noun, text(input[`${noun}Name`])))],
    [`List${noun}s`, (input) => list(noun, jobs, input)],
    [
      `Stop${noun}`,
      (input) => {
        jobs.stop(noun, text(input[`${noun}Name`]));
        return {};
      },
    ],
  ]);
  return {
    ...Object.fromEntries(perNoun),
    ListTrainingJobsForHyperParameterTuningJob: (input) => listTrials(context, jobs, input),
  };
}

/** Of the four, a transform job alone is described without the time of its last change. */
function described(noun: JobNoun, record: JobRecord): JsonObject {
  return noun === 'TransformJob' ? without(record, 'LastModifiedTime') : record;
}

function list(noun: JobNoun, jobs: Jobs, input: JsonObject): JsonObject {
  const status = text(input.StatusEquals);
  const { items, NextToken } = listRecords<JobRecord>({
    records: jobs.list(noun).filter((record) => status === '' || record[`${noun}Status`] === status),
    input,
    nameOf: (record) => text(record[`${noun}Name`]),
    sortBy: {
      CreationTime: (record) => record.CreationTime,
      Name: (record) => text(record[`${noun}Name`]),
      Status: (record) => text(record[`${noun}Status`]),
    },
    defaultOrder: noun === 'HyperParameterTuningJob' ? 'Ascending' : 'Descending',
  });
  const members = [`${noun}Name`, `${noun}Arn`, `${noun}Status`, 'CreationTime', 'LastModifiedTime', ...SUMMARY[noun]];
  const summaries = items.map((record) => ({
    ...Object.fromEntries(members.map((member) => [member, record[member]])),
    ...(noun === 'HyperParameterTuningJob' && searchOf(record)),
  }));
  return { [`${noun}Summaries`]: summaries, ...(NextToken !== undefined && { NextToken }) };
}

function searchOf(record: JobRecord): JsonObject {
  const { Strategy, ResourceLimits } = record.HyperParameterTuningJobConfig as JsonObject;
  return { Strategy, ResourceLimits };
}

function listTrials(context: Context, jobs: Jobs, input: JsonObject): JsonObject {
  const name = text(input.HyperParameterTuningJobName);
  jobs.describe('HyperParameterTuningJob', name);
  const status = text(input.StatusEquals);
  const summaries = trialsOf(context).get(name)?.summaries ?? [];
  const loss = (summary: TrialSummary) => String(bestFirst(summaries).indexOf(summary)).padStart(6, '0');
  const wantsResult = input.SortBy === 'FinalObjectiveMetricValue';
  const { items, NextToken } = listRecords<TrialSummary & { readonly CreationTime: string }>({
    records: summaries
      .filter(({ TrainingJobStatus }) => status === '' || TrainingJobStatus === status)
      // As the service does: those without a result aren't listed when the result is what it sorts by.
      .filter((summary) => !wantsResult || lossOf(summary) !== undefined)
      .map((summary) => ({ ...summary, CreationTime: summary.CreationTime ?? '' })),
    input,
    nameOf: ({ TrainingJobName = '' }) => TrainingJobName,
    sortBy: {
      Name: ({ TrainingJobName = '' }) => TrainingJobName,
      CreationTime: ({ CreationTime }) => CreationTime,
      Status: ({ TrainingJobStatus = '' }) => TrainingJobStatus,
      FinalObjectiveMetricValue: ({ TrainingJobName }) =>
        loss(summaries.find((summary) => summary.TrainingJobName === TrainingJobName) as TrialSummary),
    },
    defaultSortBy: 'Name',
    defaultOrder: 'Ascending',
  });
  return {
    TrainingJobSummaries: items,
    ...(NextToken !== undefined && { NextToken }),
  };
}
