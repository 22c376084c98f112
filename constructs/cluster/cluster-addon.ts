import { CfnAddon, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface ClusterAddonProps {
  readonly cluster: ICluster;
  /** As EKS calls it, such as `vpc-cni`. */
  readonly name: string;
  /** One build, such as `v1.2.3-eksbuild.4`. */
  readonly version: string;
  /** @default - those of the add-on */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Role of one of its service accounts. @default - none */
  readonly identity?: { readonly serviceAccount: string; readonly role: IRole };
}

/** An add-on of EKS at one build. What somebody changed in the cluster by hand goes back to what is written here. */
export class ClusterAddon extends Construct {
  readonly resource: CfnAddon;

  constructor(scope: Construct, id: string, { cluster, name, version, settings, identity }: ClusterAddonProps) {
    super(scope, id);
    this.resource = new CfnAddon(this, 'Resource', {
      clusterName: cluster.clusterName,
      addonName: name,
      addonVersion: version,
      resolveConflicts: 'OVERWRITE',
      preserveOnDelete: false,
      configurationValues: settings && JSON.stringify(settings),
      podIdentityAssociations: identity && [
        { serviceAccount: identity.serviceAccount, roleArn: identity.role.roleArn },
      ],
    });
  }
}
