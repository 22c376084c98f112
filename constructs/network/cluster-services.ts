import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface ClusterNetwork {
  /** Account of AWS that has the images of EKS add-ons in this region. */
  readonly addonImageAccount: string;
  /** Whether a function of the stack's applies manifests. @default false */
  readonly appliesManifests?: boolean;
}

/**
 * What nodes and pods call besides what jobs and models do.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
const SERVICES = {
  Ec2: InterfaceVpcEndpointAwsService.EC2,
  Eks: InterfaceVpcEndpointAwsService.EKS,
  EksAuth: InterfaceVpcEndpointAwsService.EKS_AUTH,
  ElasticLoadBalancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  AutoScaling: InterfaceVpcEndpointAwsService.AUTOSCALING,
} as const;

/** The function that applies manifests is called by another one, which CloudFormation calls. */
const APPLYING = { Lambda: InterfaceVpcEndpointAwsService.LAMBDA } as const;

export function clusterServices({
  appliesManifests = false,
}: ClusterNetwork): Readonly<Record<string, InterfaceVpcEndpointAwsService>> {
  return appliesManifests ? { ...SERVICES, ...APPLYING } : SERVICES;
}

/** Of the endpoints of ECR: nodes pull the images of add-ons from an account of AWS. */
export function addonImages(partition: string, region: string, account: string, images: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'AddonImages',
    principals: [new AnyPrincipal()],
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [`arn:${partition}:ecr:${region}:${images}:repository/*`],
    conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
  });
}

/**
 * Of the endpoint of S3: a custom resource answers CloudFormation by a signed URL of CloudFormation's own bucket.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
 */
export function customResourceAnswers(partition: string, region: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'CustomResourceAnswers',
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`arn:${partition}:s3:::cloudformation-custom-resource-response-${region.replaceAll('-', '')}/*`],
  });
}
