import type { FastifyInstance } from 'fastify';
import { writeAnswer } from '../answer/write-answer';
import { CSV, chooseAnswerType, JSON_LINES, JSON_TYPE, PARQUET, requestType } from '../media-types';
import { readBody } from '../request/read-body';
import { MEGABYTE } from '../settings';
import { HttpError } from './http-error';
import type { ModelAppProps } from './model-app';
import { notReady } from './not-ready';
import type { PredictionPath } from './prediction-exchange';
import { predictionRoute } from './prediction-route';

export const INVOCATIONS = '/invocations';

/**
 * SageMaker's container contract.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
 */
export function sagemakerRoutes(app: FastifyInstance, props: ModelAppProps): void {
  const { settings, drain } = props;
  app.get('/ping', (_, reply) => (drain.asked ? notReady(reply) : reply.code(200).send()));

  app.get('/execution-parameters', () => ({
    MaxConcurrentTransforms: concurrentTransforms(settings),
    BatchStrategy: 'MULTI_RECORD',
    MaxPayloadInMB: settings.largestBody / MEGABYTE,
  }));

  const served = invocations(props);
  predictionRoute(app, INVOCATIONS, () => served);
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html MaxPayloadInMB */
const MOST_TRANSFORM_BYTES = 100 * MEGABYTE;

/** A process each, as far as SageMaker takes so many of this size. */
function concurrentTransforms({
  workers,
  largestBody,
}: Pick<ModelAppProps['settings'], 'workers' | 'largestBody'>): number {
  return Math.max(1, Math.min(workers, Math.floor(MOST_TRANSFORM_BYTES / largestBody)));
}

/** `POST /invocations` */
export function invocations({ predictor, settings }: Pick<ModelAppProps, 'predictor' | 'settings'>): PredictionPath {
  return {
    handler: INVOCATIONS,
    answer: async ({ body, headers, abandoned }) => {
      const { accept = '', 'content-type': contentType } = headers;
      const type = requestType(contentType);
      if (type === undefined) {
        const known = `must be ${CSV}, ${JSON_TYPE}, ${JSON_LINES} or ${PARQUET}`;
        throw new HttpError(415, 'Content-Type', `${known}, got ${contentType?.slice(0, 80) ?? 'none'}`, 'send one');
      }
      const answerType = chooseAnswerType(accept, settings.accept ?? (type === PARQUET ? JSON_TYPE : type));
      if (answerType === undefined) {
        const known = `must allow ${CSV}, ${JSON_TYPE} or ${JSON_LINES}`;
        throw new HttpError(406, 'Accept', `${known}, got ${accept.slice(0, 80)}`, 'ask for one of them');
      }
      const text = await predictor.answer({
        read: () => readBody(body, type, predictor.model.columns, predictor.readOptions),
        write: (prediction) => writeAnswer(prediction, answerType),
        abandoned,
      });
      // Bare, without a charset: data capture knows no others.
      return { type: answerType, text };
    },
  };
}
