import type { JsonObject } from '../../../core/json';
import type { EventPublisher } from '../context';
import type { JobNoun } from './job-noun';
import type { JobRecord } from './jobs';
import { text } from './text';

const DETAIL_TYPES: Readonly<Record<JobNoun, string>> = {
  HyperParameterTuningJob: 'SageMaker HyperParameter Tuning Job State Change',
  ProcessingJob: 'SageMaker Processing Job State Change',
  TrainingJob: 'SageMaker Training Job State Change',
  TransformJob: 'SageMaker Transform Job State Change',
};

/**
 * The event of a change of a job's status: what its Describe action shows, with times in milliseconds.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export function jobStateChange(noun: JobNoun, record: JobRecord): Parameters<EventPublisher['publish']>[0] {
  const times = Object.entries(record).filter(
    ([member, value]) => member.endsWith('Time') && typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  );
  return {
    'detail-type': DETAIL_TYPES[noun],
    resources: [text(record[`${noun}Arn`])],
    detail: {
      ...record,
      ...(Object.fromEntries(times.map(([member, value]) => [member, Date.parse(text(value))])) as JsonObject),
      Tags: {},
    },
  };
}
