import { API, type ServiceRule, when } from './service-rule';

const TRANSFORM = `${API}API_CreateTransformJob.html`;
const MOST_MB = 100;

/** What a transform job takes. */
export const BATCH_RULES: readonly ServiceRule[] = [
  {
    id: 'batch-no-rollout',
    says: 'A transform job has no traffic to shift: the release after it is simply used by the next job.',
    wayOut: 'use the rollout allAtOnce, and go back with mlops release rollback',
    source: TRANSFORM,
    breaches: ({ batch, deployment: { rollout } }) =>
      when(
        batch !== undefined && rollout.kind !== 'allAtOnce',
        'rollout',
        `must be allAtOnce for batch, got ${rollout.kind}`,
      ),
  },
  {
    id: 'batch-payload',
    says: 'The requests that one instance works on at a time have at most 100 MB together.',
    wayOut: 'lower one of the two',
    source: TRANSFORM,
    breaches: ({ batch }) => {
      if (!batch) return [];
      const megabytes = batch.maxPayloadMb * batch.maxConcurrentTransforms;
      return when(
        !(megabytes <= MOST_MB),
        'maxPayloadMb',
        `must be at most ${MOST_MB} times maxConcurrentTransforms, got ${megabytes}`,
      );
    },
  },
  {
    id: 'batch-split',
    says: 'Several records fit into one request only if something says where a record ends.',
    wayOut: 'give a splitType, or use the strategy SingleRecord',
    source: TRANSFORM,
    breaches: ({ batch }) =>
      when(
        batch !== undefined && batch.strategy === 'MultiRecord' && batch.splitType === 'None',
        'splitType',
        'must not be None with the strategy MultiRecord, got None',
      ),
  },
  {
    id: 'batch-join',
    says: 'Answers are joined with their records only where records are lines.',
    wayOut: "set it to false, or split by 'Line'",
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html',
    breaches: ({ batch }) =>
      when(
        batch !== undefined && batch.joinInput && batch.splitType !== 'Line',
        'joinInput',
        `must be false with the splitType ${batch?.splitType}, got true`,
      ),
  },
];
