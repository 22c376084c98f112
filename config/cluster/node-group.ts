import { z } from 'zod';

/** Images of nodes, as EKS calls them. Those for NVIDIA run on instances with GPUs. */
const AMI_TYPES = [
  'AL2023_x86_64_STANDARD',
  'AL2023_ARM_64_STANDARD',
  'AL2023_x86_64_NVIDIA',
  'BOTTLEROCKET_x86_64',
  'BOTTLEROCKET_ARM_64',
  'BOTTLEROCKET_x86_64_NVIDIA',
  'BOTTLEROCKET_ARM_64_NVIDIA',
] as const;

const InstanceType = z
  .string()
  .regex(/^[a-z]+\d+[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/, {
    error: 'an EC2 instance type looks like m7i.xlarge',
  });

/** Nodes of one kind, in all zones of the environment. */
export const NodeGroup = z.strictObject({
  /** Spot takes whichever is to be had; the sizes should be alike, for EKS counts nodes. */
  instanceTypes: z.array(InstanceType).min(1).max(20),
  nodes: z.strictObject({ min: z.int().min(0).max(450), max: z.int().min(1).max(450) }),
  /** @default 'AL2023_x86_64_STANDARD' */
  amiType: z.enum(AMI_TYPES).default('AL2023_x86_64_STANDARD'),
  /** `spot` is taken away with two minutes' notice. @default 'onDemand' */
  capacity: z.enum(['onDemand', 'spot']).default('onDemand'),
  /** Of each node: images, unpacked models, logs. @default 50 */
  diskGb: z.int().min(20).max(16_384).default(50),
});
export type NodeGroup = z.output<typeof NodeGroup>;

/** Graviton has a `g` after the generation: m7g, c7gn, g5g. */
export function isArm(instanceType: string): boolean {
  return /^[a-z]+\d+[a-z]*g[a-z]*\./.test(instanceType);
}

/** Graphics and machine-learning instances with GPUs of NVIDIA: g4ad has AMD's. */
export function hasNvidia(instanceType: string): boolean {
  return /^(gr?|p)\d/.test(instanceType) && !instanceType.startsWith('g4ad.');
}

/** What node groups have beside them, by the names of constructs. */
export const TAKEN_GROUPS = [
  'NodeRole',
  'CniRole',
  'AddonVpcCni',
  'AddonCoredns',
  'AddonKubeProxy',
  'AddonEksPodIdentityAgent',
];
