import type { IService } from 'kubernetes-models/v1';
import type { ServedModel } from '../served-model';
import { grpcPortOf } from './grpc-port';

/** Port of every model's Service, whatever the server listens on. */
export const SERVICE_PORT = 80;

/** And of its gRPC, where the model has it. */
export const GRPC_SERVICE_PORT = 8081;

/**
 * A stable address for the pods that have these labels. The name of a port and its protocol are what meshes and gateways go
 * by: HTTP/2 without TLS is what gRPC is here.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol
 */
export function service(
  model: Pick<ServedModel, 'settings'>,
  name: string,
  selector: Readonly<Record<string, string>>,
): IService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type: 'ClusterIP',
      selector: { ...selector },
      ports: [
        { name: 'http', port: SERVICE_PORT, targetPort: 'http' },
        ...(grpcPortOf(model) === undefined
          ? []
          : [{ name: 'grpc', port: GRPC_SERVICE_PORT, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' }]),
      ],
    },
  };
}
