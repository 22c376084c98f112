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
  /** Instances for inference components: the variant has no model of its own then, and `instanceCount` is 0. */
  readonly hosts?: number;
  /** Set for a variant without instances of its own; `instanceCount` is 0 then. */
  readonly serverless?: ServerlessSpec;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html */
export interface ServerlessSpec {
  readonly memorySizeInMB: number;
  /** Requests at the same time; further ones are throttled. */
  readonly maxConcurrency: number;
  /** Requests at the same time that never meet a cold start. @default the variant goes cold when it is idle */
  readonly provisionedConcurrency?: number;
}

/** The instances of an endpoint that one EndpointConfig describes. */
export interface FleetSpec {
  /** Unique among all fleets of the endpoint, in the order of their making. */
  readonly id: string;
  readonly endpointConfigName: string;
  /** ISO time at which the images and models were looked up. */
  readonly resolvedAt: string;
  readonly variants: readonly VariantSpec[];
  /** Gets copies of requests; its weight relative to that of the one production variant is the share that is copied. */
  readonly shadow?: VariantSpec;
  /** AsyncInferenceConfig of the EndpointConfig; its endpoint takes nothing but asynchronous invocations. */
  readonly asyncInference?: JsonObject;
  readonly dataCapture?: JsonObject;
}
