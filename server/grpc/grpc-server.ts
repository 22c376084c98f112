import { Server, ServerCredentials } from '@grpc/grpc-js';
import { InvalidInputError } from '../../core/invalid-input-error';
import { type InferenceCallsProps, inferenceCalls } from './inference-calls';
import { inferenceService } from './inference-service';

export interface GrpcServer {
  readonly port: number;
  /** Asks clients to open new connections, which a balancer leads elsewhere; those that come here are still answered. */
  drain(): void;
  /** Answers what is under way, within so many milliseconds, and ends. */
  stop(ms: number): Promise<void>;
}

/** A client with more of them opens another connection. */
const MOST_STREAMS = 128;

/**
 * The Open Inference Protocol v2 over gRPC, without TLS as the HTTP side.
 * @throws InvalidInputError if the port can't be used
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_grpc.md
 */
export async function startGrpcServer(props: InferenceCallsProps, port: number): Promise<GrpcServer> {
  const { host, largestBody, drainSeconds } = props.settings;
  const server = new Server({
    'grpc.max_receive_message_length': largestBody,
    'grpc.max_concurrent_streams': MOST_STREAMS,
  });
  server.addService(inferenceService(), inferenceCalls(props));
  const address = `${host}:${port}`;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (cause, found) => {
      if (cause === null) return resolve(found);
      const problem = `must be free, got ${cause.message.slice(0, 120)}`;
      return reject(new InvalidInputError('MODEL_SERVER_GRPC_PORT', problem, 'set another', { cause }));
    });
  });
  return {
    port: bound,
    drain: () => server.drain(`${host}:${bound}`, drainSeconds * 1000),
    stop: (ms) =>
      new Promise((resolve) => {
        const patience = setTimeout(() => server.forceShutdown(), Math.max(0, ms));
        server.tryShutdown(() => {
          clearTimeout(patience);
          resolve();
        });
      }),
  };
}
