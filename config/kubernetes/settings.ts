import { z } from 'zod';
import { Delivery } from './delivery';
import { Dns } from './dns';
import { Engine } from './engine';
import { ObjectName } from './names';
import { Programs } from './programs';
import { Image, ModelReleases } from './release';
import { UnwatchedGuard } from './watched-guards';

const Download = z.strictObject({
  /** Has sh, sha256sum, tar and gzip, and the AWS CLI for s3:// or curl for https://. */
  image: Image,
  /** Where artefacts are: of the VPC endpoint of S3, or of the server. Nothing else is let out on port 443. */
  cidrs: z.array(z.cidrv4()).min(1),
});

/** The plane `kubernetes` of one environment. */
export const KubernetesPlane = z.strictObject({
  /** Tells clusters apart: two environments may not share a model's name in one namespace of one cluster. */
  cluster: ObjectName,
  /** Holds the models of this environment and nothing else. @default - the environment's name */
  namespace: ObjectName.optional(),
  engine: Engine,
  /** By model. Each model of the environment has an entry, be it `{}` before its first release. */
  releases: z.record(z.string(), ModelReleases),
  prometheus: z.strictObject({
    /** Of the HTTP API, as the cluster reaches it. */
    url: z.url({ protocol: /^https?$/ }),
    /** Where Prometheus runs: it may scrape the servers. @default 'monitoring' */
    namespace: ObjectName.default('monitoring'),
  }),
  /**
   * `hpa` scales on processor time; `keda` on the requests that the model's `autoscaling` gives an instance, read from
   * Prometheus. @default 'hpa'
   */
  autoscaler: z.enum(['hpa', 'keda']).default('hpa'),
  /**
   * Guards of the models' rollouts that this environment does without, where a model's server has no metric for them.
   * Listed here, so that none is dropped in silence. @default []
   */
  unwatchedGuards: z.array(UnwatchedGuard).default([]),
  /**
   * Namespaces whose pods may call the models; those of Prometheus and the Gateway may anyway. Not with `seldon-2`, where its
   * own gateway is called. @default []
   */
  callerNamespaces: z.array(ObjectName).default([]),
  /** Where pods look names up. @default { namespaces: ['kube-system'], cidrs: ['169.254.20.10/32'] } */
  dns: Dns.prefault({}),
  /** How artefacts of the kind `download` get into a pod. @default - they don't */
  download: Download.optional(),
  /** Who applies the manifests. @default { kind: 'byHand' } */
  delivery: Delivery.prefault({ kind: 'byHand' }),
  /** What is installed beside the models, by whoever applies the manifests. @default - nothing */
  programs: Programs.optional(),
});
export type KubernetesPlane = z.output<typeof KubernetesPlane>;
