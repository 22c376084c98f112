import { isIPv6 } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { InvalidInputError } from '../../core/invalid-input-error';
import { BusyLog } from '../http/busy-log';
import type { ModelAppProps } from '../http/model-app';
import { type CallIntakeProps, callIntake } from './call-intake';
import { inferenceCalls } from './inference-calls';
import { inferenceService } from './inference-service';

export type GrpcServerProps = Omit<CallIntakeProps, 'busyLog'> & Pick<ModelAppProps, 'predictor'>;

export interface GrpcServer {
  readonly port: number;
  /** Asks clients to open new connections, which a balancer leads elsewhere; those that come here are still answered. */
  drain(): void;
  /** Answers what is under way, within so many milliseconds, and ends. */
  stop(ms: number): Promise<void>;
}

/** A client with more of them opens another connection. */
const MOST_STREAMS = 128;

/** After it a client is asked to connect anew: new pods get their share, and who never reads can't stay for good. */
const CONNECTION_SECONDS = 300;

/**
 * The Open Inference Protocol v2 over gRPC, without TLS as the HTTP side.
 * @param connectionSeconds after which a client has to connect anew. @default 300
 * @throws InvalidInputError if the port can't be used
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_grpc.md
 */
export async function startGrpcServer(
  given: GrpcServerProps,
  port: number,
  connectionSeconds = CONNECTION_SECONDS,
): Promise<GrpcServer> {
  const props = { ...given, busyLog: new BusyLog() };
  const { host, largestBody, drainSeconds, requestSeconds } = props.settings;
  const server = new Server({
    'grpc.max_receive_message_length': largestBody,
    'grpc.max_concurrent_streams': MOST_STREAMS,
    'grpc.max_connection_age_ms': connectionSeconds * 1000,
    // For what is under way then, as long as a client of HTTP has.
    'grpc.max_connection_age_grace_ms': requestSeconds * 1000,
    interceptors: [callIntake(props)],
  });
  server.addService(inferenceService(), inferenceCalls(props));
  const addressOf = (its: number) => `${isIPv6(host) ? `[${host}]` : host}:${its}`;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(addressOf(port), ServerCredentials.createInsecure(), (cause, found) => {
      if (cause === null) return resolve(found);
      const problem = `must be free, got ${cause.message.slice(0, 120)}`;
      return reject(new InvalidInputError('MODEL_SERVER_GRPC_PORT', problem, 'set another', { cause }));
    });
  });
  return {
    port: bound,
    drain: () => server.drain(addressOf(bound), drainSeconds * 1000),
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
