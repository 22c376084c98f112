import { z } from 'zod';
import { Cluster } from './cluster/cluster';
import { KubernetesPlane } from './kubernetes/settings';
import { entryName } from './model-spec';
import { RegistrySource } from './registry';

export const PERSONAS = ['data-scientist', 'ml-engineer', 'approver', 'application', 'operator'] as const;
export type PersonaName = (typeof PERSONAS)[number];

const Approval = z.discriminatedUnion('kind', [
  /** Passing the gates is enough. Only where the environment is not for production. */
  z.strictObject({ kind: z.literal('automatic') }),
  z.strictObject({
    kind: z.literal('manual'),
    personas: z.array(z.enum(PERSONAS)).min(1),
    /** How many different people have to say yes. @default 1 */
    people: z.int().min(1).max(2).default(1),
    /** After this long, an approval that wasn't promoted doesn't count any more. @default 168 */
    expiresHours: z.int().min(1).max(8760).default(168),
  }),
]);

function isNetworkRange(cidr: string): boolean {
  const bits = Number(cidr.split('/')[1]);
  return bits >= 16 && bits <= 26;
}

/** One environment: an account, a region and what runs there. */
export const EnvironmentSpec = z.strictObject({
  account: z.string().regex(/^\d{12}$/, 'an AWS account is 12 digits'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region looks like eu-west-1'),
  /** Production environments keep their data on deletion and never approve by themselves. */
  production: z.boolean(),
  /** The AWS emulator on this machine stands in for an account. @default false */
  emulated: z.boolean().default(false),
  models: z.array(z.string()).min(1),
  /** Where models serve. @default ['sagemaker'] */
  planes: z
    .array(z.enum(['sagemaker', 'kubernetes']))
    .min(1)
    .default(['sagemaker']),
  /** What the plane `kubernetes` needs to know. @default - none, and no such plane */
  kubernetes: KubernetesPlane.optional(),
  /** Where the cluster of the plane `kubernetes` comes from. @default - an existing one, and no role for its pods */
  cluster: Cluster.optional(),
  approval: Approval,
  /** Another environment, whose registry the releases come from. This one then has no pipelines. @default - its own */
  registry: RegistrySource.optional(),
  /** Instances behind an endpoint. A canary or linear rollout needs at least two. */
  instances: z.strictObject({ min: z.int().min(1).max(100), max: z.int().min(1).max(100) }),
  network: z
    .strictObject({
      /** EC2 takes ranges of 16 to 28 bits for networks and subnets; a subnet has a quarter of it. */
      cidr: z.cidrv4().refine(isNetworkRange, 'a network is /16 to /26').default('10.0.0.0/16'),
      availabilityZones: z.int().min(1).max(3).default(2),
    })
    .prefault({}),
  /** What becomes of buckets and keys when their stack is deleted. `destroy` only outside production. @default 'retain' */
  removal: z.enum(['retain', 'destroy']).default('retain'),
  /** Whether the models' schedules are switched on. @default true */
  schedules: z.boolean().default(true),
  /** E-mail addresses that alarms go to. @default [] */
  alarmEmails: z.array(z.email()).default([]),
  /** For how long release evidence can't be deleted. @default 365 */
  evidenceLockDays: z.int().min(1).max(3650).default(365),
});
export type EnvironmentSpec = z.output<typeof EnvironmentSpec>;
export type EnvironmentInput = z.input<typeof EnvironmentSpec>;

export const EnvironmentName = entryName('an environment name');
