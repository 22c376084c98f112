import { type RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, type Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PULL_ACTIONS, READ_OBJECT_ACTIONS } from '../registry/source-registry';
import { allow } from '../security/allow';
import { addonImages, type ClusterNetwork, clusterServices, customResourceAnswers } from './cluster-services';
import { towardsAccount, withinAccount } from './endpoint-policy';

/** What programs in the VPC call. Each costs by the hour and zone, so a service joins when something of ours uses it. */
const SERVICES = {
  SageMakerApi: InterfaceVpcEndpointAwsService.SAGEMAKER_API,
  SageMakerRuntime: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  CloudWatchLogs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  CloudWatchMonitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Sts: InterfaceVpcEndpointAwsService.STS,
} as const;

/** What jobs and models do with objects. */
const OBJECT_ACTIONS = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:GetBucketLocation',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:ListMultipartUploadParts',
  's3:PutObject',
] as const;

/** Each has its quarter of the range, used or not, so that a zone can be added: subnets that stand can't change theirs. */
const MAX_ZONES = 3;

export interface NetworkProps {
  /** IPv4 range of the VPC, /16 to /26: a subnet has a quarter of it. */
  readonly cidr: string;
  /** A subnet each, 1 to 3. */
  readonly availabilityZones: number;
  /** Encrypts the flow logs; its policy has to let CloudWatch Logs use it. */
  readonly logKey: IKey;
  /** What becomes of the flow logs when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * How long flow logs are kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly flowLogRetention?: RetentionDays;
  /**
   * What an EKS cluster in the VPC needs.
   * @default - there is none
   */
  readonly cluster?: ClusterNetwork;
  /** Another account whose artefacts and images models are made of. @default - none */
  readonly registryAccount?: string;
}

/**
 * A VPC that nothing leaves: isolated subnets, no gateway to the internet, no NAT. Jobs and models reach AWS through
 * endpoints that let them at this account's resources only, and at the artefacts of one other account if it is named.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** Jobs and models run here. */
  readonly subnets: readonly ISubnet[];
  /** Of jobs and models: nobody may call in, and they may call endpoints out. */
  readonly workloadSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { flowLogRetention = RetentionDays.THREE_MONTHS } = props;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(props.cidr),
      maxAzs: props.availabilityZones,
      reservedAzs: MAX_ZONES - props.availabilityZones,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Emptying the default group takes a Lambda of the CDK's; nothing of ours joins that group.
      restrictDefaultSecurityGroup: false,
    });
    this.subnets = this.vpc.isolatedSubnets;
    this.workloadSecurityGroup = new SecurityGroup(this, 'Workloads', {
      vpc: this.vpc,
      description: 'Training jobs, processing jobs and models',
      allowAllOutbound: false,
    });
    // S3 has public addresses even behind its gateway endpoint. There is no route to any other public address.
    this.workloadSecurityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS to the VPC endpoints');
    this.logFlows(props, flowLogRetention);
    this.addS3Endpoint(props);
    this.addInterfaceEndpoints(props);
    // Load balancers of a cluster are put where this tag is.
    if (props.cluster) for (const subnet of this.subnets) Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
  }

  /** As jobs and models take it. */
  get vpcConfig(): { readonly subnets: string[]; readonly securityGroupIds: string[] } {
    return {
      subnets: this.subnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [this.workloadSecurityGroup.securityGroupId],
    };
  }

  /** Lets a role of SageMaker's put the network interfaces of a job or a model into the VPC. */
  grantAttach(grantee: IGrantable): Grant {
    const stack = Stack.of(this);
    const ec2 = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const { subnets, securityGroupIds } = this.vpcConfig;
    const subnetArns = subnets.map((subnet) => ec2('subnet', subnet));
    const interfaces = ec2('network-interface', '*');
    const because = 'The interface is made by the call; the subnets narrow it';
    return allow(grantee, {
      actions: ['ec2:CreateNetworkInterface'],
      resources: [interfaces, ...subnetArns, ...securityGroupIds.map((group) => ec2('security-group', group))],
      because,
    })
      .combine(
        allow(grantee, {
          actions: ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface'],
          resources: [interfaces],
          conditions: { ArnEquals: { 'ec2:Subnet': subnetArns } },
          because,
        }),
      )
      .combine(
        allow(grantee, {
          actions: [
            'ec2:DeleteNetworkInterfacePermission',
            'ec2:DescribeDhcpOptions',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSecurityGroups',
            'ec2:DescribeSubnets',
            'ec2:DescribeVpcs',
          ],
          resources: ['*'],
          because: 'EC2 takes no resource for these actions',
        }),
      );
  }

  private logFlows({ logKey, removalPolicy }: NetworkProps, retention: RetentionDays): void {
    const logGroup = new LogGroup(this, 'FlowLogs', { encryptionKey: logKey, retention, removalPolicy });
    this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
  }

  private addS3Endpoint({ cluster, registryAccount }: NetworkProps): void {
    const { account, partition, region } = Stack.of(this);
    const endpoint = new GatewayVpcEndpoint(this, 'S3', { vpc: this.vpc, service: GatewayVpcEndpointAwsService.S3 });
    endpoint.addToPolicy(withinAccount(account, OBJECT_ACTIONS));
    if (registryAccount !== undefined)
      endpoint.addToPolicy(towardsAccount(account, registryAccount, [...READ_OBJECT_ACTIONS, 's3:ListBucket']));
    endpoint.addToPolicy(
      new PolicyStatement({
        // ECR keeps the layers of every image in this bucket of its own.
        sid: 'ImageLayers',
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
      }),
    );
    if (cluster?.appliesManifests) endpoint.addToPolicy(customResourceAnswers(partition, region));
  }

  private addInterfaceEndpoints({ cidr, cluster, registryAccount }: NetworkProps): void {
    const { account, partition, region } = Stack.of(this);
    const securityGroup = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Interface endpoints',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'HTTPS from inside the VPC');
    const services = { ...SERVICES, ...(cluster ? clusterServices(cluster) : {}) };
    for (const [id, service] of Object.entries(services)) {
      const endpoint = new InterfaceVpcEndpoint(this, id, {
        vpc: this.vpc,
        service,
        open: false,
        securityGroups: [securityGroup],
        subnets: { subnets: [...this.subnets] },
      });
      endpoint.addToPolicy(withinAccount(account));
      if (registryAccount !== undefined && id.startsWith('Ecr'))
        endpoint.addToPolicy(towardsAccount(account, registryAccount, PULL_ACTIONS));
      if (cluster && id.startsWith('Ecr')) {
        endpoint.addToPolicy(addonImages(partition, region, account, cluster.addonImageAccount));
      }
    }
  }
}
