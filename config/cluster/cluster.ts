import { z } from 'zod';
import { ObjectName } from '../kubernetes/names';
import { AddonVersion } from './addon-version';
import { NodeGroup } from './node-group';

/** Minor versions of Kubernetes that the stack is made for. */
export const EKS_VERSIONS = ['1.34', '1.35', '1.36', '1.37'] as const;

const Capacity = z.discriminatedUnion('kind', [
  z.strictObject({
    /** EKS chooses, patches and removes nodes, and brings network, DNS and Pod Identity along. */
    kind: z.literal('autoMode'),
    /** EKS's own pools. @default ['general-purpose', 'system'] */
    nodePools: z
      .array(z.enum(['general-purpose', 'system']))
      .min(1)
      .default(['general-purpose', 'system']),
    /** Nodes with GPUs of NVIDIA, in a pool of ours: those of EKS have none. @default - none */
    gpus: z
      .strictObject({
        /** Of EC2, as in `g6` or `p5`. Auto Mode chooses the size that fits. */
        instanceFamilies: z
          .array(z.string().regex(/^(gr?|p)\d[a-z]*$/, 'a family of instances with GPUs looks like g6 or p5'))
          .min(1)
          .refine((families) => !families.some((family) => family === 'g4ad' || /^g\d+g/.test(family)), {
            error: 'takes families of x86 with GPUs of NVIDIA, which g4ad and g5g are not',
          }),
        /** What all nodes of the pool have together at the most, 1 to 1000. */
        maxGpus: z.int().min(1).max(1000),
        /** `spot` is taken away with two minutes' notice. @default 'onDemand' */
        capacity: z.enum(['onDemand', 'spot']).default('onDemand'),
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('managedNodeGroups'),
    /** By name. */
    groups: z
      .record(ObjectName, NodeGroup)
      .refine((groups) => Object.keys(groups).length > 0, { error: 'pods need a node group to run on' }),
    /** What Auto Mode would bring along. */
    addons: z.strictObject({
      'vpc-cni': AddonVersion,
      coredns: AddonVersion,
      'kube-proxy': AddonVersion,
      'eks-pod-identity-agent': AddonVersion,
    }),
  }),
]);

const EksCluster = z.strictObject({
  /** A cluster of our own in the environment's VPC, called as `kubernetes.cluster` says. Only the VPC reaches it. */
  kind: z.literal('eks'),
  version: z.enum(EKS_VERSIONS),
  capacity: Capacity,
  /** Version of the add-on `metrics-server`, which the autoscaler reads. */
  metricsServer: AddonVersion,
  /** Roles that may do everything in the cluster: whoever deploys it may nothing by that alone. */
  adminRoleArns: z
    .array(
      z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'a role looks like arn:aws:iam::…:role/…'),
    )
    .min(1)
    .max(20),
  /**
   * Account of AWS that has the images of add-ons in the environment's region.
   * @default - the one that most regions share; other regions have to say it
   */
  addonImageAccount: z
    .string()
    .regex(/^\d{12}$/, 'an AWS account is 12 digits')
    .optional(),
  /** How long the logs of the control plane are kept. @default 90 */
  logRetentionDays: z
    .literal([30, 60, 90, 180, 365, 400, 731], { error: 'CloudWatch Logs keeps logs for set periods only' })
    .default(90),
});
export type EksCluster = z.output<typeof EksCluster>;

/** Where the plane `kubernetes` of an environment comes from. */
export const Cluster = z.discriminatedUnion('kind', [
  EksCluster,
  z.strictObject({
    /** Somebody else's. */
    kind: z.literal('existing'),
    /**
     * It is EKS, in the environment's account and region, called as `kubernetes.cluster` says, and has the Pod Identity
     * agent: the models' service accounts get roles. @default false
     */
    podIdentity: z.boolean().default(false),
  }),
]);
export type Cluster = z.output<typeof Cluster>;
