import { Stack } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow, type Permission } from '../security/allow';
import { makesServiceLinkedRole } from '../security/makes-service-linked-role';
import type { ClusterBoundary } from './cluster-boundary';
import { podRole } from './pod-role';

export interface LoadBalancerControllerProps {
  readonly cluster: ICluster;
  /** Of the cluster, as a literal: the controller tags with it what it makes. */
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly vpcId: string;
  readonly boundary: ClusterBoundary;
}

/** Calls of EC2 and Elastic Load Balancing that name no resource. */
const LOOKS: readonly string[] = [
  'ec2:DescribeAccountAttributes',
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeTags',
  'ec2:DescribeVpcs',
  'ec2:GetSecurityGroupsForVpc',
  'elasticloadbalancing:DescribeCapacityReservation',
  'elasticloadbalancing:DescribeListenerAttributes',
  'elasticloadbalancing:DescribeListenerCertificates',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeSSLPolicies',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];

const elb = (...names: readonly string[]) => names.map((name) => `elasticloadbalancing:${name}`);

/**
 * What the AWS Load Balancer Controller may do, by Pod Identity: make application load balancers in one VPC, and look after
 * those that bear the name of its cluster. It is the policy of release 3.5.0, without what is switched off (WAF, Shield),
 * not used (Cognito, network load balancers, pools of addresses) or said by the config (certificates), and held to this
 * account, region and cluster.
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json
 */
export class LoadBalancerController extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { cluster, clusterName, namespace, serviceAccount, boundary } = props;
    this.role = podRole(this, 'Role', {
      description: `AWS Load Balancer Controller of the cluster ${clusterName}`,
      clusterName,
      namespace,
      serviceAccount,
    });
    for (const permission of this.permissions(props)) allow(this.role, permission);
    // The environment's boundary lets nobody make load balancers.
    boundary.applyTo(this.role);
    const association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName: cluster.clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    association.node.addDependency(this.role);
  }

  private permissions({ clusterName, vpcId }: LoadBalancerControllerProps): readonly Permission[] {
    const stack = Stack.of(this);
    const ec2 = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const balancing = (resource: string) =>
      stack.formatArn({ service: 'elasticloadbalancing', resource, resourceName: '*' });
    const groups = ec2('security-group', '*');
    const balancers = balancing('loadbalancer/app');
    const targets = balancing('targetgroup');
    const listeners = [balancing('listener/app'), balancing('listener-rule/app')];
    const tag = 'elbv2.k8s.aws/cluster';
    const asked = { StringEquals: { [`aws:RequestTag/${tag}`]: clusterName } };
    const ours = { StringEquals: { [`aws:ResourceTag/${tag}`]: clusterName } };
    // What bears the name of a cluster goes on doing so.
    const keepsName = { ...ours, Null: { [`aws:RequestTag/${tag}`]: 'true' } };
    const named = 'AWS names what the controller makes; the tag of its cluster or the VPC narrows it';
    const untagged = 'AWS names listeners when they are made; the statement reaches application load balancers only';
    return [
      { actions: LOOKS, resources: ['*'], because: 'These calls look at lists and name no resource' },
      {
        ...makesServiceLinkedRole(stack, 'elasticloadbalancing.amazonaws.com', '*'),
        because: 'The role of the service is made once in an account, by whatever name',
      },
      { actions: ['ec2:CreateSecurityGroup'], resources: [ec2('vpc', vpcId), groups], because: named },
      {
        actions: ['ec2:CreateTags'],
        resources: [groups],
        conditions: { StringEquals: { ...asked.StringEquals, 'ec2:CreateAction': 'CreateSecurityGroup' } },
        because: named,
      },
      { actions: ['ec2:CreateTags', 'ec2:DeleteTags'], resources: [groups], conditions: keepsName, because: named },
      {
        actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'],
        resources: [groups],
        conditions: ours,
        because: named,
      },
      {
        // EKS tags the group that nodes are in, and the controller lets its load balancers in there.
        actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
        resources: [groups],
        conditions: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned' } },
        because: named,
      },
      {
        actions: elb('CreateLoadBalancer', 'CreateTargetGroup'),
        resources: [balancers, targets],
        conditions: asked,
        because: named,
      },
      {
        actions: elb('AddTags'),
        resources: [balancers, targets],
        conditions: {
          StringEquals: {
            ...asked.StringEquals,
            'elasticloadbalancing:CreateAction': ['CreateLoadBalancer', 'CreateTargetGroup'],
          },
        },
        because: named,
      },
      {
        actions: elb(
          'DeleteLoadBalancer',
          'DeleteTargetGroup',
          'DeregisterTargets',
          'ModifyLoadBalancerAttributes',
          'ModifyTargetGroup',
          'ModifyTargetGroupAttributes',
          'RegisterTargets',
          'SetIpAddressType',
          'SetSecurityGroups',
          'SetSubnets',
        ),
        resources: [balancers, targets],
        conditions: ours,
        because: named,
      },
      {
        actions: elb('AddTags', 'RemoveTags'),
        resources: [balancers, targets],
        conditions: keepsName,
        because: named,
      },
      { actions: elb('CreateListener'), resources: [balancers], because: untagged },
      {
        actions: elb(
          'AddListenerCertificates',
          'AddTags',
          'CreateRule',
          'DeleteListener',
          'DeleteRule',
          'ModifyListener',
          'ModifyListenerAttributes',
          'ModifyRule',
          'RemoveListenerCertificates',
          'RemoveTags',
          'SetRulePriorities',
        ),
        resources: listeners,
        because: untagged,
      },
    ];
  }
}
