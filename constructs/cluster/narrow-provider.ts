import { Validations } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { CfnRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcards } from '../security/acknowledge-wildcards';

/** Of a function in a VPC that pulls charts from the account's own registry. */
const HANDLER_POLICIES = [
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'AmazonEC2ContainerRegistryReadOnly',
] as const;

const reason = 'The CDK gives its own functions what AWS documents for them, and leaves no choice';

/**
 * Takes from the CDK's functions that apply manifests what they have no use for where nothing reaches public registries,
 * and answers cdk-nag's findings about the rest.
 */
export function narrowProvider(cluster: Cluster): void {
  const provider = cluster.node.findChild('KubectlProvider');
  const handler = provider.node.findChild('Handler') as LambdaFunction;
  const framework = at(provider, 'Provider', 'framework-onEvent');
  roleOf(handler).managedPolicyArns = HANDLER_POLICIES.map(
    (name) => ManagedPolicy.fromAwsManagedPolicyName(name).managedPolicyArn,
  );
  for (const [owner, policies] of [
    [handler, HANDLER_POLICIES],
    [framework, HANDLER_POLICIES.slice(0, 2)],
  ] as const) {
    for (const name of policies) {
      const id = `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`;
      Validations.of(owner).acknowledge({ id, reason });
    }
    Validations.of(owner).acknowledge({ id: 'AwsSolutions-L1', reason });
  }
  acknowledgeWildcards(framework, [`${handler.functionArn}:*`], 'Versions of one function, which it is there to call');
}

function roleOf(owner: IConstruct): CfnRole {
  const resource = at(owner, 'ServiceRole').node.defaultChild;
  if (resource instanceof CfnRole) return resource;
  throw new Error(`${owner.node.path}: has no role of its own any more; see what the CDK changed`);
}

function at(scope: IConstruct, ...ids: readonly string[]): IConstruct {
  return ids.reduce<IConstruct>((parent, id) => parent.node.findChild(id), scope);
}
