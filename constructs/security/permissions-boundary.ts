import { Stack, Validations } from 'aws-cdk-lib';
import {
  PermissionsBoundary as Boundary,
  Effect,
  type IManagedPolicy,
  ManagedPolicy,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge-wildcards';

/** Services that a role of an environment may ever talk to. A boundary grants nothing: it caps what policies grant. */
const SERVICES = [
  'application-autoscaling',
  'cloudformation',
  'cloudwatch',
  'ec2',
  'ecr',
  'events',
  'kms',
  'lambda',
  'logs',
  's3',
  'sagemaker',
  'scheduler',
  'sns',
  'sqs',
  'ssm',
  'sts',
  'xray',
] as const;

const SCALING = 'sagemaker.application-autoscaling.amazonaws.com';

/** What would undo the protection of data, keys and evidence, whatever a policy says. */
const NEVER = [
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  's3:BypassGovernanceRetention',
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
] as const;

/**
 * The most that any role of an environment can do. No role can make or change identities, so that a hijacked job or
 * function stays as small as it was.
 */
export class PermissionsBoundary extends Construct {
  readonly policy: IManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { account } = Stack.of(this);
    const actions = SERVICES.map((service) => `${service}:*`);
    const role = (resourceName: string) =>
      Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
    const roles = role('*');
    const scalers = role(`aws-service-role/${SCALING}/*`);
    const policy = new ManagedPolicy(this, 'Resource', {
      description: 'The most that any role of this environment can do; it grants nothing by itself',
      statements: [
        new PolicyStatement({ sid: 'ServicesOfThePlatform', actions, resources: ['*'] }),
        new PolicyStatement({
          sid: 'HandRolesToServices',
          actions: ['iam:PassRole'],
          resources: [roles],
        }),
        new PolicyStatement({
          // Registering the first scalable target of an account makes the role that scales it.
          sid: 'LetEndpointsScale',
          actions: ['iam:CreateServiceLinkedRole'],
          resources: [scalers],
          conditions: { StringEquals: { 'iam:AWSServiceName': SCALING } },
        }),
        new PolicyStatement({ sid: 'KeepProtection', effect: Effect.DENY, actions: [...NEVER], resources: ['*'] }),
        new PolicyStatement({
          sid: 'StayInTheAccount',
          effect: Effect.DENY,
          actions: ['sts:AssumeRole'],
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:ResourceAccount': account } },
        }),
      ],
    });
    const reason = 'A permissions boundary caps policies and grants nothing; the policies themselves are narrow';
    acknowledgeWildcards(policy, ['*', roles, scalers], reason);
    for (const action of actions)
      Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Action::${action}]`, reason });
    this.policy = policy;
  }

  /** Puts every role below `scope` under the boundary, whoever makes it. */
  applyTo(scope: IConstruct): void {
    Boundary.of(scope).apply(this.policy);
  }
}
