import type { KubernetesObject } from '../kubernetes-object';

/**
 * What this project writes of Flagger's resources: no package has types of them.
 * @see https://github.com/fluxcd/flagger/blob/main/artifacts/flagger/crd.yaml
 */
export const FLAGGER_API = 'flagger.app/v1beta1';

/** Numbers and the query of one check. */
export interface MetricTemplate extends KubernetesObject {
  readonly kind: 'MetricTemplate';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly provider: { readonly type: 'prometheus'; readonly address: string };
    readonly query: string;
  };
}

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** How a Deployment's next version takes over. */
export interface Canary extends KubernetesObject {
  readonly kind: 'Canary';
  readonly spec: {
    readonly provider: 'gatewayapi:v1' | 'istio';
    readonly targetRef: Reference;
    readonly autoscalerRef: Reference & { readonly primaryScalerQueries?: Readonly<Record<string, string>> };
    readonly progressDeadlineSeconds: number;
    /** Promotes at once. @default false */
    readonly skipAnalysis?: boolean;
    /** The Services and the route are made by Flagger. */
    readonly service: {
      readonly name: string;
      readonly port: number;
      readonly portName: string;
      readonly targetPort: string;
      readonly timeout: string;
      readonly hosts: readonly string[];
      readonly match: readonly { readonly uri: { readonly prefix: string } }[];
      readonly gatewayRefs?: readonly {
        readonly name: string;
        readonly namespace: string;
        readonly sectionName?: string;
      }[];
      readonly gateways?: readonly string[];
    };
    readonly analysis: {
      /** From one weight to the next. */
      readonly interval: string;
      /** Failed checks that send it back. */
      readonly threshold: number;
      readonly stepWeights: readonly number[];
      /** Copies requests for an interval before the first weight. @default false */
      readonly mirror?: boolean;
      /** Share of the requests that is copied, in percent. @default 100 */
      readonly mirrorWeight?: number;
      readonly metrics: readonly {
        readonly name: string;
        readonly interval: string;
        readonly templateRef: { readonly name: string };
        readonly thresholdRange: { readonly max: number };
      }[];
    };
  };
}
