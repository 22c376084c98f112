import { AccessEntry, AccessPolicy, AccessPolicyArn, AccessScopeType, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import type { PersonaName } from '../../config/environment-spec';
import { pascalCase } from '../../core/names';

export interface ClusterAccessProps {
  readonly cluster: ICluster;
  /** Of the models. */
  readonly namespace: string;
  readonly roleArns: Readonly<Record<PersonaName, string>>;
  /** Roles that may do everything. */
  readonly adminRoleArns: readonly string[];
}

/**
 * Policies of EKS, by persona: within the namespace of the models, and in the whole cluster. Who approves and who calls a
 * model has no business in the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const POLICIES: Readonly<
  Partial<Record<PersonaName, { readonly inNamespace: AccessPolicyArn; readonly everywhere?: AccessPolicyArn }>>
> = {
  'data-scientist': { inNamespace: AccessPolicyArn.AMAZON_EKS_VIEW_POLICY },
  'ml-engineer': { inNamespace: AccessPolicyArn.AMAZON_EKS_EDIT_POLICY },
  operator: {
    inNamespace: AccessPolicyArn.AMAZON_EKS_ADMIN_POLICY,
    everywhere: AccessPolicyArn.AMAZON_EKS_VIEW_POLICY,
  },
};

/** Who may do what in the cluster. Nobody else is let in. */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { cluster, namespace, roleArns, adminRoleArns }: ClusterAccessProps) {
    super(scope, id);
    const wholeCluster = { type: AccessScopeType.CLUSTER };
    for (const [persona, { inNamespace, everywhere }] of Object.entries(POLICIES)) {
      const inModels = { type: AccessScopeType.NAMESPACE, namespaces: [namespace] };
      new AccessEntry(this, pascalCase(persona), {
        cluster,
        principal: roleArns[persona as PersonaName],
        accessPolicies: [
          new AccessPolicy({ policy: inNamespace, accessScope: inModels }),
          ...(everywhere ? [new AccessPolicy({ policy: everywhere, accessScope: wholeCluster })] : []),
        ],
      });
    }
    adminRoleArns.forEach((principal, index) => {
      const policy = AccessPolicyArn.AMAZON_EKS_CLUSTER_ADMIN_POLICY;
      new AccessEntry(this, `Admin${index}`, {
        cluster,
        principal,
        accessPolicies: [new AccessPolicy({ policy, accessScope: wholeCluster })],
      });
    });
  }
}
