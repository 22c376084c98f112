import { Stack, Validations } from 'aws-cdk-lib';
import { PermissionsBoundary as Boundary, type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../security/acknowledge-wildcards';

/** What the policies that AWS manages for EKS name, besides a few actions of IAM. */
const SERVICES = [
  'autoscaling',
  'ec2',
  'ecr',
  'eks',
  'eks-auth',
  'elasticloadbalancing',
  'kms',
  'logs',
  'sts',
] as const;

/** Load balancers and spot instances have roles of their own, which their first use in an account makes. */
const SERVICE_LINKED = ['elasticloadbalancing.amazonaws.com', 'spot.amazonaws.com'];

/**
 * The most that the roles of a control plane and of its nodes can do. The boundary of the environment would not let them
 * make load balancers or hand out identities to pods; roles of pods stay under that one.
 */
export class ClusterBoundary extends Construct {
  private readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const iam = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'iam', region: '', resource, resourceName });
    const actions = SERVICES.map((service) => `${service}:*`);
    const profiles = iam('instance-profile', 'eks*');
    const roles = iam('role', '*');
    // In China it is passed under either name: https://github.com/aws/karpenter-provider-aws/pull/6839
    const inChina = Stack.of(this).region.startsWith('cn-');
    const passedTo = inChina ? ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] : 'ec2.amazonaws.com';
    const linked = SERVICE_LINKED.map((service) => iam('role', `aws-service-role/${service}/*`));
    this.policy = new ManagedPolicy(this, 'Resource', {
      description: 'The most that the roles of a cluster and of its nodes can do; it grants nothing by itself',
      statements: [
        new PolicyStatement({ sid: 'ServicesOfAwsForClusters', actions, resources: ['*'] }),
        new PolicyStatement({
          sid: 'NodesOfAutoMode',
          actions: ['iam:AddRoleToInstanceProfile'],
          resources: [profiles],
        }),
        new PolicyStatement({
          sid: 'HandRolesToNodes',
          actions: ['iam:PassRole'],
          resources: [roles],
          conditions: { StringEquals: { 'iam:PassedToService': passedTo } },
        }),
        new PolicyStatement({
          sid: 'FirstUseInTheAccount',
          actions: ['iam:CreateServiceLinkedRole'],
          resources: linked,
          conditions: { StringEquals: { 'iam:AWSServiceName': SERVICE_LINKED } },
        }),
      ],
    });
    const reason = 'A permissions boundary caps policies and grants nothing; AWS manages the policies of EKS';
    acknowledgeWildcards(this.policy, ['*', profiles, roles, ...linked], reason);
    for (const action of actions)
      Validations.of(this.policy).acknowledge({ id: `AwsSolutions-IAM5[Action::${action}]`, reason });
  }

  /** Puts a role under this boundary instead of the environment's. */
  applyTo(role: IRole): void {
    Boundary.of(role).apply(this.policy);
  }
}
