import type { FastifyInstance } from 'fastify';
import type { PredictionPath } from './prediction-exchange';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that predicts: Fastify finds it, and an exchange answers it. */
    readonly prediction?: (params: unknown) => PredictionPath;
  }
}

/** A route that predicts. The app's first hook hands its requests over, so that no handler is reached. */
export function predictionRoute(
  app: FastifyInstance,
  url: string,
  prediction: (params: unknown) => PredictionPath,
): void {
  app.post(url, { config: { prediction } }, () => {
    throw new Error(`${url}: must be answered by its exchange`);
  });
}
