import { z } from 'zod';
import { ObjectName } from './names';

/** Where a controller in the cluster reads manifests. */
const source = {
  /** Of the Git repository with the manifests, as the controller reaches it. */
  repository: z
    .string()
    .regex(/^(https?:\/\/|ssh:\/\/|git@)[^\s'"]+$/, 'a repository looks like https://git.example.com/ml/manifests.git'),
  /** A branch; a tag that moves would do as well. */
  branch: z
    .string()
    .regex(/^[\w][\w./-]*$/, 'a branch is letters, digits and . _ / -')
    .default('main'),
  /** Folder of the environment in that repository: what `dist/charts/ENVIRONMENT` was copied to. */
  path: z
    .string()
    .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'a path begins at the root of the repository, as in manifests/dev'),
};

/** Who applies the manifests of an environment. */
export const Delivery = z.discriminatedUnion('kind', [
  /** Somebody with kubectl. */
  z.strictObject({ kind: z.literal('byHand') }),
  /** CloudFormation, with the stack of the cluster: only where that is ours. */
  z.strictObject({ kind: z.literal('cdk') }),
  z.strictObject({
    kind: z.literal('argo-cd'),
    ...source,
    /** Of Argo CD. @default 'argocd' */
    namespace: ObjectName.default('argocd'),
    /** AppProject, which has to allow the repository, the registry of charts and the namespaces. @default 'default' */
    project: ObjectName.default('default'),
  }),
  z.strictObject({
    kind: z.literal('flux'),
    ...source,
    /** Of Flux. @default 'flux-system' */
    namespace: ObjectName.default('flux-system'),
    /** How often Flux looks for changes. @default 5 */
    intervalMinutes: z.int().min(1).max(1440).default(5),
  }),
]);
export type Delivery = z.output<typeof Delivery>;
export type GitOps = Extract<Delivery, { kind: 'argo-cd' | 'flux' }>;

export function isGitOps(delivery: Delivery): delivery is GitOps {
  return delivery.kind === 'argo-cd' || delivery.kind === 'flux';
}
