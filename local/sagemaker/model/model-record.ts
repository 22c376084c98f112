import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';

/** A Model as Describe answers it. */
export interface ModelRecord extends JsonObject {
  readonly ModelName: string;
  readonly ModelArn: string;
  readonly CreationTime: string;
  readonly PrimaryContainer?: JsonObject;
  readonly Containers?: readonly JsonObject[];
  readonly EnableNetworkIsolation: boolean;
}

export function models(store: Store): Collection<ModelRecord> {
  return store.collection('models');
}
