import type { ServedModel } from '../served-model';
import { RUNTIMES } from './runtimes';

/** Where the pods of a model answer over gRPC. @returns undefined if the model doesn't ask for it, or its server can't */
export function grpcPortOf({ settings: { grpc, runtime } }: Pick<ServedModel, 'settings'>): number | undefined {
  return grpc ? RUNTIMES[runtime].grpcPort : undefined;
}
