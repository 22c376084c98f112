import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseInferRequest } from '../inference-protocol/infer-request';
import { writeInferResponse } from '../inference-protocol/infer-response';
import { modelMetadata, SERVER, versionOf } from '../inference-protocol/model-metadata';
import { requireOutputs, tensorSource } from '../inference-protocol/tensor-source';
import { decodeText } from '../request/decode-text';
import { parseJson } from '../request/json-source';
import { readTable } from '../rows/read-table';
import type { ModelAppProps } from './model-app';
import { notReady } from './not-ready';
import { requireModel } from './require-model';

interface Params {
  readonly model: string;
  readonly version?: string;
}

/**
 * The Open Inference Protocol v2 over REST.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function inferenceProtocolRoutes(app: FastifyInstance, props: ModelAppProps): void {
  const { predictor, settings, metrics, drain } = props;
  const { model } = predictor;
  const require = (request: FastifyRequest): void => {
    const params = request.params as Params;
    requireModel(model, settings, params.model, params.version);
  };

  app.get('/v2', () => SERVER);
  app.get('/v2/health/live', () => ({ live: true }));
  app.get('/v2/health/ready', (_, reply) => (drain.asked ? notReady(reply) : { ready: true }));
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, (request) => {
      require(request);
      return modelMetadata(model, settings);
    });
    app.get(`${path}/ready`, (request, reply) => {
      require(request);
      if (drain.asked) return notReady(reply);
      return { name: settings.modelName, ready: true };
    });
    app.post(`${path}/infer`, async (request, reply) => {
      require(request);
      const start = performance.now();
      const text = decodeText((request.body as Buffer | undefined) ?? Buffer.alloc(0));
      const { id, tensors, outputs } = parseInferRequest(parseJson(text, 'body'));
      requireOutputs(
        outputs,
        model.outputs.map(({ name }) => name),
      );
      const table = readTable(model.columns, tensorSource(tensors, model.columns), predictor.readOptions);
      metrics.observeStage('read', (performance.now() - start) / 1000);
      const prediction = await predictor.predict(table, () => request.raw.socket.destroyed);
      const predicted = performance.now();
      const chosen = prediction.outputs.filter(({ name }) => outputs.length === 0 || outputs.includes(name));
      const answer = writeInferResponse({
        modelName: settings.modelName,
        version: versionOf(model),
        id: id ?? request.id,
        prediction: { ...prediction, outputs: chosen },
      });
      metrics.observeStage('write', (performance.now() - predicted) / 1000);
      return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
    });
  }
}
