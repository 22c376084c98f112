import type { FastifyInstance } from 'fastify';
import { parseInferRequest } from '../inference-protocol/infer-request';
import { writeInferResponse } from '../inference-protocol/infer-response';
import { inferTensors } from '../inference-protocol/infer-tensors';
import { modelMetadata, SERVER, versionOf } from '../inference-protocol/model-metadata';
import { inferHandler } from '../metrics/server-metrics';
import { decodeText } from '../request/decode-text';
import { parseJson } from '../request/json-source';
import type { ModelAppProps } from './model-app';
import { notReady } from './not-ready';
import type { PredictionPath } from './prediction-exchange';
import { predictionRoute } from './prediction-route';
import { requireModel } from './require-model';

interface Params {
  readonly model: string;
  readonly version?: string;
}

const ANSWER_TYPE = 'application/json; charset=utf-8';

/**
 * The Open Inference Protocol v2 over REST.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function inferenceProtocolRoutes(app: FastifyInstance, props: ModelAppProps): void {
  const { predictor, settings, drain } = props;
  const { model } = predictor;
  const require = (params: unknown): void => {
    const { model: name, version } = params as Params;
    requireModel(model, settings, name, version);
  };
  const served = inference(props);

  app.get('/v2', () => SERVER);
  app.get('/v2/health/live', () => ({ live: true }));
  app.get('/v2/health/ready', (_, reply) => (drain.asked ? notReady(reply) : { ready: true }));
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, ({ params }) => {
      require(params);
      return modelMetadata(model, settings);
    });
    app.get(`${path}/ready`, ({ params }, reply) => {
      require(params);
      if (drain.asked) return notReady(reply);
      return { name: settings.modelName, ready: true };
    });
    predictionRoute(app, `${path}/infer`, (params) => ({
      handler: inferHandler((params as Params).model),
      answer: async (question) => {
        require(params);
        return served.answer(question);
      },
    }));
  }
}

/** `POST /v2/models/NAME/infer` of the model that is served. */
export function inference({ predictor, settings }: Pick<ModelAppProps, 'predictor' | 'settings'>): PredictionPath {
  const version = versionOf(predictor.model);
  return {
    handler: inferHandler(settings.modelName),
    answer: async ({ body, id, abandoned }) => {
      const parse = () => parseInferRequest(parseJson(decodeText(body), 'body'));
      const text = await inferTensors(predictor, {
        parse,
        write: (prediction, asked) =>
          writeInferResponse({ modelName: settings.modelName, version, id: asked.id ?? id, prediction }),
        abandoned,
      });
      return { type: ANSWER_TYPE, text };
    },
  };
}
