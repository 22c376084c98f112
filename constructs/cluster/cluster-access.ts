import {
  AccessEntry,
  AccessPolicy,
  AccessPolicyArn,
  AccessScopeType,
  CfnAccessEntry,
  type ICluster,
} from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import type { PersonaName } from '../../config/environment-spec';
import { type AccessGroup, accessGroup } from '../../config/kubernetes/access-group';
import { pascalCase } from '../../core/names';

export interface ClusterAccessProps {
  readonly cluster: ICluster;
  /** Whose groups the personas are in. */
  readonly environmentName: string;
  /** Of the models. */
  readonly namespace: string;
  readonly roleArns: Readonly<Record<PersonaName, string>>;
  /** Roles that may do everything. */
  readonly adminRoleArns: readonly string[];
}

interface Access {
  readonly inNamespace: AccessPolicyArn;
  readonly everywhere?: AccessPolicyArn;
  readonly group: AccessGroup;
}

/**
 * Policies of EKS, by persona: within the namespace of the models, and in the whole cluster. They name no custom resources,
 * so what a persona may do with a Rollout or a Canary is its group's, which the manifests give its rules. Who calls a model
 * has no business in the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const ACCESS: Readonly<Partial<Record<PersonaName, Access>>> = {
  'data-scientist': { inNamespace: AccessPolicyArn.AMAZON_EKS_VIEW_POLICY, group: 'readers' },
  'ml-engineer': { inNamespace: AccessPolicyArn.AMAZON_EKS_EDIT_POLICY, group: 'readers' },
  approver: { inNamespace: AccessPolicyArn.AMAZON_EKS_VIEW_POLICY, group: 'readers' },
  operator: {
    inNamespace: AccessPolicyArn.AMAZON_EKS_ADMIN_POLICY,
    everywhere: AccessPolicyArn.AMAZON_EKS_VIEW_POLICY,
    group: 'operators',
  },
};

/** Who may do what in the cluster. Nobody else is let in. */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAccessProps) {
    super(scope, id);
    const { cluster, environmentName, namespace, roleArns, adminRoleArns } = props;
    const wholeCluster = { type: AccessScopeType.CLUSTER };
    for (const [persona, { inNamespace, everywhere, group }] of Object.entries(ACCESS)) {
      const inModels = { type: AccessScopeType.NAMESPACE, namespaces: [namespace] };
      const entry = new AccessEntry(this, pascalCase(persona), {
        cluster,
        principal: roleArns[persona as PersonaName],
        accessPolicies: [
          new AccessPolicy({ policy: inNamespace, accessScope: inModels }),
          ...(everywhere ? [new AccessPolicy({ policy: everywhere, accessScope: wholeCluster })] : []),
        ],
      });
      putInto(entry, accessGroup(environmentName, group));
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

/** The construct of the CDK has no property for groups. */
function putInto(entry: AccessEntry, group: string): void {
  const resource = entry.node.defaultChild;
  if (!(resource instanceof CfnAccessEntry)) {
    throw new Error(`${entry.node.path}: is no access entry of EKS any more; see what the CDK changed`);
  }
  resource.kubernetesGroups = [group];
}
