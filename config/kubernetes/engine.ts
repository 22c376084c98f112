import { z } from 'zod';
import { ObjectName } from './names';
import { FlaggerTraffic, Gateway, RolloutsTraffic } from './traffic';

export type { Gateway } from './traffic';

/**
 * What becomes of guards where no controller takes a release back: `alert` makes rules for Prometheus that page somebody.
 * @default - a rollout with guards is refused
 */
const guards = z.literal('alert').optional();

/** How a new release takes over. What each can do: docs/guide/kubernetes-engines.md. */
export const Engine = z.discriminatedUnion('kind', [
  /** Deployments and a Service, and nothing to install. Traffic is split by the number of pods. */
  z.strictObject({ kind: z.literal('plain'), guards }),
  /** Deployments and an HTTPRoute with weights. */
  z.strictObject({ kind: z.literal('gateway-api'), gateway: Gateway, guards }),
  z.strictObject({
    kind: z.literal('argo-rollouts'),
    /** What splits traffic exactly. @default - the number of pods does, roughly */
    traffic: RolloutsTraffic.optional(),
    /** Going back to one of so many releases skips the steps; 0 for none. @default 3 */
    rollbackReleases: z.int().min(0).max(10).default(3),
  }),
  /** A Deployment and a Canary, whose controller makes the Services and the route. */
  z.strictObject({ kind: z.literal('flagger'), traffic: FlaggerTraffic }),
  /** An InferenceService of KServe, with its own pods. */
  z.strictObject({
    kind: z.literal('kserve'),
    /** What runs the pods. Only Knative splits traffic; `Standard` has Deployments. @default 'Knative' */
    deploymentMode: z.enum(['Knative', 'Standard']).default('Knative'),
    /** Where Knative and its ingress run: they call the pods. @default ['knative-serving', 'kourier-system'] */
    ingressNamespaces: z.array(ObjectName).min(1).default(['knative-serving', 'kourier-system']),
    guards,
  }),
  /** A SeldonDeployment of Seldon Core 1, which is under the Business Source License from 1.18 on. */
  z.strictObject({
    kind: z.literal('seldon'),
    /** Where Seldon's ingress runs: it calls the pods. @default ['istio-system'] */
    ingressNamespaces: z.array(ObjectName).min(1).default(['istio-system']),
    guards,
  }),
  /**
   * A Server and a Model of Seldon Core 2 for each release, and an Experiment that splits traffic between them. Its
   * SeldonRuntime has to stand in the namespace of the models. Under the Business Source License from 2.7 on.
   */
  z.strictObject({
    kind: z.literal('seldon-2'),
    /** Of the API server: Seldon's agent, which stands in each pod, asks it on port 443. */
    apiServerCidrs: z.array(z.cidrv4()).min(1),
    guards,
  }),
]);
export type Engine = z.output<typeof Engine>;
export type EngineKind = Engine['kind'];
