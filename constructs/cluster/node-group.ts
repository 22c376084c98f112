import { Size } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface NodeGroupProps {
  readonly cluster: ICluster;
  readonly role: IRole;
  readonly subnetIds: readonly string[];
  readonly instanceTypes: readonly string[];
  /** As EKS calls it, such as `AL2023_x86_64_STANDARD`. */
  readonly amiType: string;
  readonly min: number;
  readonly max: number;
  /** @default false */
  readonly spot?: boolean;
  /**
   * Of each node.
   * @default Size.gibibytes(50)
   */
  readonly disk?: Size;
}

/** Root and data volume of a node's image; Bottlerocket keeps images and pods on the second one. */
const DATA_DEVICE = { AL2023: '/dev/xvda', BOTTLEROCKET: '/dev/xvdb' } as const;

/** Nodes that EKS makes, drains and replaces. Their disks are encrypted, and pods can't ask for their credentials. */
export class NodeGroup extends Construct {
  readonly resource: CfnNodegroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { disk = Size.gibibytes(50), spot = false } = props;
    const family = props.amiType.startsWith('BOTTLEROCKET') ? 'BOTTLEROCKET' : 'AL2023';
    const template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        // One hop ends in the node's own network: answers don't reach pods.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: DATA_DEVICE[family],
            ebs: { volumeType: 'gp3', volumeSize: disk.toGibibytes(), encrypted: true, deleteOnTermination: true },
          },
        ],
      },
    });
    this.resource = new CfnNodegroup(this, 'Resource', {
      clusterName: props.cluster.clusterName,
      nodeRole: props.role.roleArn,
      subnets: [...props.subnetIds],
      instanceTypes: [...props.instanceTypes],
      amiType: props.amiType,
      capacityType: spot ? 'SPOT' : 'ON_DEMAND',
      // EKS makes no group without a wanted number. What an autoscaler chose lasts until one of the three changes.
      scalingConfig: { minSize: props.min, maxSize: props.max, desiredSize: props.min },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
    });
  }
}
