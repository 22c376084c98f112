import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';

/** An EndpointConfig as Describe answers it. */
export interface EndpointConfigRecord extends JsonObject {
  readonly EndpointConfigName: string;
  readonly EndpointConfigArn: string;
  readonly CreationTime: string;
  readonly ProductionVariants: readonly JsonObject[];
}

export function endpointConfigs(store: Store): Collection<EndpointConfigRecord> {
  return store.collection('endpoint-configs');
}
