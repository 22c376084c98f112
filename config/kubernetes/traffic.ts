import { z } from 'zod';
import { Domain, ObjectName } from './names';

/** Where requests come in: a Gateway that the platform has already. */
export const Gateway = z.strictObject({
  name: ObjectName,
  namespace: ObjectName,
  /** Listener of the Gateway. @default - each that lets the route in */
  listener: ObjectName.optional(),
  /** A model answers at `MODEL.DOMAIN`. */
  domain: Domain,
});
export type Gateway = z.output<typeof Gateway>;

/** An HTTPRoute of the Gateway API. */
const GatewayApi = z.strictObject({ kind: z.literal('gateway-api'), gateway: Gateway });

/** A VirtualService of Istio, for a Gateway of Istio that the platform has already. */
const Istio = z.strictObject({
  kind: z.literal('istio'),
  gateway: Gateway.omit({ listener: true }),
  /**
   * How the VirtualService tells the versions apart: by a Service each, or by subsets of one Service, which a
   * DestinationRule describes. @default 'services'
   */
  split: z.enum(['services', 'subsets']).default('services'),
});
export type Istio = z.output<typeof Istio>;

/** An Ingress of the AWS Load Balancer Controller. */
const Alb = z.strictObject({
  kind: z.literal('alb'),
  /** A model answers at `MODEL.DOMAIN`. */
  domain: Domain,
  /** Subnets of the load balancer: it calls pods by their addresses, and nothing else may from outside. */
  cidrs: z.array(z.cidrv4()).min(1),
  /** Whether the internet reaches it. @default 'internal' */
  scheme: z.enum(['internal', 'internet-facing']).default('internal'),
  /** Of the controller. @default 'alb' */
  ingressClass: ObjectName.default('alb'),
  /**
   * Of ACM, in the environment's region, for `*.DOMAIN`: nothing is served but HTTPS. @default - the one that the controller
   * finds in ACM by the host, which it can't in a cluster of the stack
   */
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'a certificate looks like arn:aws:acm:eu-west-1:111111111111:certificate/…',
    )
    .optional(),
});
export type Alb = z.output<typeof Alb>;

/** An Ingress of ingress-nginx, which its maintainers ended in 2026: for clusters that have it still. */
const Nginx = z.strictObject({
  kind: z.literal('nginx'),
  /** A model answers at `MODEL.DOMAIN`. */
  domain: Domain,
  /** Of the controller. @default 'nginx' */
  ingressClass: ObjectName.default('nginx'),
  /** Where the controller's pods are: they may call the models. @default 'ingress-nginx' */
  namespace: ObjectName.default('ingress-nginx'),
});
export type Nginx = z.output<typeof Nginx>;

/** What splits traffic for Flagger. */
export const FlaggerTraffic = z.discriminatedUnion('kind', [
  GatewayApi,
  z.strictObject({ kind: z.literal('istio'), gateway: Gateway.omit({ listener: true }) }),
]);

/** What splits traffic for Argo Rollouts. */
export const RolloutsTraffic = z.discriminatedUnion('kind', [GatewayApi, Istio, Alb, Nginx]);
export type RolloutsTraffic = z.output<typeof RolloutsTraffic>;
