import type { FastifyInstance } from 'fastify';
import { writeAnswer } from '../answer/write-answer';
import { CSV, chooseAnswerType, JSON_LINES, JSON_TYPE, PARQUET, requestType } from '../media-types';
import { readBody } from '../request/read-body';
import { MEGABYTE } from '../settings';
import { HttpError } from './http-error';
import type { ModelAppProps } from './model-app';
import { notReady } from './not-ready';

/**
 * SageMaker's container contract.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
 */
export function sagemakerRoutes(app: FastifyInstance, { predictor, settings, metrics, drain }: ModelAppProps): void {
  app.get('/ping', (_, reply) => (drain.asked ? notReady(reply) : reply.code(200).send()));

  app.get('/execution-parameters', () => ({
    MaxConcurrentTransforms: settings.workers,
    BatchStrategy: 'MULTI_RECORD',
    MaxPayloadInMB: settings.largestBody / MEGABYTE,
  }));

  app.post('/invocations', async (request, reply) => {
    const { accept = '', 'content-type': contentType } = request.headers;
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
    const start = performance.now();
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const table = await readBody(body, type, predictor.model.columns, predictor.readOptions);
    metrics.observeStage('read', (performance.now() - start) / 1000);
    const prediction = await predictor.predict(table, () => request.raw.socket.destroyed);
    const predicted = performance.now();
    const answer = writeAnswer(prediction, answerType);
    metrics.observeStage('write', (performance.now() - predicted) / 1000);
    // As bytes: to a text Fastify adds a charset, and data capture knows the bare types only.
    return reply.header('content-type', answerType).send(Buffer.from(answer));
  });
}
