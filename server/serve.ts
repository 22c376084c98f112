import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { InvalidInputError } from '../core/invalid-input-error';
import { writeAnswer } from './answer/write-answer';
import type { GrpcServer, GrpcServerProps } from './grpc/grpc-server';
import { Admission } from './http/admission';
import { Drain } from './http/drain';
import { modelApp } from './http/model-app';
import { type Predictor, predictor as predictorOf } from './http/predictor';
import { JSON_TYPE } from './media-types';
import { type Exposition, ownExposition } from './metrics/exposition';
import { ServerMetrics } from './metrics/server-metrics';
import { gapRow, loadOnnxModel, type Model } from './model/onnx-model';
import { MEGABYTE, type Settings } from './settings';

/** A server that answers. */
export interface Serving {
  readonly port: number;
  /** Undefined where gRPC is off. */
  readonly grpcPort?: number;
  readonly model: Model;
  /** Answers what is under way, within the time that the settings give, and ends. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** @default the process's own */
  readonly exposition?: (registry: Registry) => () => Promise<Exposition>;
  /** @default standard output */
  readonly logTo?: { write(line: string): void };
}

/** Of the memory that there is. */
const MEMORY_SHARE = 0.85;
const WARM_UP_ROUNDS = 20;
const DRAIN_LOOK_MS = 50;

/**
 * Loads the model, predicts with it, and only then listens: who asks earlier is refused the connection.
 * @throws InvalidInputError if the model or the port can't be used
 */
export async function serve(settings: Settings, options: ServeOptions = {}): Promise<Serving> {
  const model = await loadOnnxModel(settings.modelDirectory, settings.modelSha256);
  const registry = new Registry();
  const admission = new Admission({
    mostRequests: settings.mostRequests,
    mostBytes: Math.max(64 * MEGABYTE, 4 * settings.largestBody),
    memoryBytes:
      settings.memoryMb === undefined ? undefined : (settings.memoryMb * MEGABYTE * MEMORY_SHARE) / settings.workers,
  });
  const metrics = new ServerMetrics(registry, () => admission.pending, settings.modelName);
  const predictor = predictorOf(model, settings, metrics);
  await warmUp(predictor);
  const exposition = (options.exposition ?? ownExposition)(registry);
  const drain = new Drain(settings.drainSeconds);
  const app = modelApp({ predictor, settings, metrics, admission, drain, exposition, logTo: options.logTo });
  const grpc = await startGrpc({ predictor, settings, metrics, admission, drain, log: app.log });
  await app.listen({ host: settings.host, port: settings.port }).catch((cause: Error) => {
    const problem = `must be free, got ${cause.message.slice(0, 120)}`;
    throw new InvalidInputError('SAGEMAKER_BIND_TO_PORT', problem, 'set another', { cause });
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  app.log.info({ port, grpcPort: grpc?.port, sha256: model.sha256, columns: model.columns.length }, 'serving');
  return {
    port,
    grpcPort: grpc?.port,
    model,
    stop: async () => {
      app.log.info({ pending: admission.pending }, 'stopping');
      const deadline = performance.now() + settings.drainSeconds * 1000;
      drain.ask();
      grpc?.drain();
      // A client that never ends its request must not keep the process.
      const patience = setTimeout(() => app.server.closeAllConnections(), settings.drainSeconds * 1000);
      while (!drain.over) await delay(DRAIN_LOOK_MS);
      await Promise.all([grpc?.stop(deadline - performance.now()), app.close()]);
      clearTimeout(patience);
    },
  };
}

/** Loaded only where it is wanted: it takes a tenth of a second. */
async function startGrpc(props: GrpcServerProps): Promise<GrpcServer | undefined> {
  const { grpcPort } = props.settings;
  if (grpcPort === undefined) return undefined;
  const { startGrpcServer } = await import('./grpc/grpc-server');
  return startGrpcServer(props, grpcPort);
}

/** The first predictions take ten times as long as those after them. A gap is a row that every model must bear. */
async function warmUp(predictor: Predictor): Promise<void> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
    await predictor.answer({
      read: () => gapRow(predictor.model.columns),
      write: (prediction) => writeAnswer(prediction, JSON_TYPE),
      abandoned: () => false,
    });
}
