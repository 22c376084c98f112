import { resolve } from 'node:path';
import { type Client, credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = resolve(__dirname, '../../../server/grpc/open_inference_grpc.proto');

type Answer = Readonly<Record<string, unknown>>;
type Method = (request: object, metadata: Metadata, done: (error: ServiceError | null, answer: Answer) => void) => void;

export interface GrpcClient {
  call(method: string, request?: object): Promise<Answer>;
  close(): void;
}

/** A client made of the protocol's own file. */
export function grpcClient(port: number, host = '127.0.0.1'): GrpcClient {
  const loaded = loadPackageDefinition(loadSync(PROTO, { keepCase: true, longs: String, defaults: true }));
  const { GRPCInferenceService: Service } = loaded.inference as unknown as Readonly<
    Record<string, new (address: string, security: ReturnType<typeof credentials.createInsecure>) => Client>
  >;
  if (!Service) throw new Error(`${PROTO} has no service`);
  const client = new Service(`${host}:${port}`, credentials.createInsecure());
  return {
    call: (method, request = {}) =>
      new Promise((found, fail) => {
        (client as unknown as Readonly<Record<string, Method>>)[method]?.call(
          client,
          request,
          new Metadata(),
          (error, answer) => (error ? fail(error) : found(answer)),
        );
      }),
    close: () => client.close(),
  };
}
