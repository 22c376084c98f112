import type { JsonObject } from '../../../core/json';
import type { ModelContainer } from '../model-server/model-server';

/** One production variant as it is run: everything that its instances need, so that they outlive the records it came from. */
export interface VariantSpec {
  readonly name: string;
  readonly modelName: string;
  /** One process stands for an instance. */
  readonly instanceCount: number;
  /** Share of the traffic relative to the other variants' weights, 0 or more. */
  readonly weight: number;
  readonly container: ModelContainer;
  readonly healthTimeoutSeconds: number;
}

/** The instances of an endpoint that one EndpointConfig describes. */
export interface FleetSpec {
  /** Unique among all fleets of the endpoint, in the order of their making. */
  readonly id: string;
  readonly endpointConfigName: string;
  /** ISO time at which the images and models were looked up. */
  readonly resolvedAt: string;
  readonly variants: readonly VariantSpec[];
  readonly dataCapture?: JsonObject;
}
