import { Size } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
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
  /** Encrypts the disks; its policy has to let nodes use it, as `Keys.letNodesUse` does. */
  readonly diskKey: IKey;
}

/** Where a node keeps images and pods. Bottlerocket has its system on a volume of its own. */
const DATA_DEVICE = { AL2023: '/dev/xvda', BOTTLEROCKET: '/dev/xvdb' } as const;

/** By this label the chart of the device plugin of NVIDIA finds nodes without a discovery of features. */
const GPU_LABEL = { 'nvidia.com/gpu.present': 'true' };

/** Nodes that EKS makes, drains and replaces. Their disks are encrypted, and pods can't ask for their credentials. */
export class NodeGroup extends Construct {
  readonly resource: CfnNodegroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { disk = Size.gibibytes(50), spot = false, diskKey } = props;
    const family = props.amiType.startsWith('BOTTLEROCKET') ? 'BOTTLEROCKET' : 'AL2023';
    const volume = (deviceName: string, size?: Size): CfnLaunchTemplate.BlockDeviceMappingProperty => ({
      deviceName,
      ebs: {
        volumeType: 'gp3',
        volumeSize: size?.toGibibytes(),
        encrypted: true,
        kmsKeyId: diskKey.keyArn,
        deleteOnTermination: true,
      },
    });
    const template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        // One hop ends in the node's own network: answers don't reach pods.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          ...(family === 'BOTTLEROCKET' ? [volume('/dev/xvda')] : []),
          volume(DATA_DEVICE[family], disk),
        ],
      },
    });
    this.resource = new CfnNodegroup(this, 'Resource', {
      clusterName: props.cluster.clusterName,
      nodeRole: props.role.roleArn,
      subnets: [...props.subnetIds],
      instanceTypes: [...props.instanceTypes],
      amiType: props.amiType,
      labels: props.amiType.endsWith('_NVIDIA') ? GPU_LABEL : undefined,
      capacityType: spot ? 'SPOT' : 'ON_DEMAND',
      // EKS makes no group without a wanted number. What an autoscaler chose lasts until one of the three changes.
      scalingConfig: { minSize: props.min, maxSize: props.max, desiredSize: props.min },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      launchTemplate: { id: template.ref, version: template.attrLatestVersionNumber },
    });
  }
}
