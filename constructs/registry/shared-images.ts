import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { RegistryConsumer } from '../../config/registry';
import { imagesRepositoryName, pascalCase } from '../../core/names';
import { bootstrapQualifier } from '../serving/stack-inputs';
import { byServingRoles } from './share-artefacts';
import { PULL_ACTIONS } from './source-registry';

export interface SharedImagesProps {
  readonly environmentName: string;
  /** Environments of other accounts. */
  readonly consumers: readonly RegistryConsumer[];
  /** What becomes of the images when their stack is deleted. Versions that were registered need them. */
  readonly removalPolicy: RemovalPolicy;
}

/** What the CDK does to publish an image. */
const PUSH_ACTIONS = [
  'ecr:CompleteLayerUpload',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/**
 * A repository of an environment's own for the images of its pipelines, which other accounts may pull from. The CDK
 * would put them into the repository of the account's bootstrap: that has all images of the account, and its policy is
 * the bootstrap's to write.
 */
export class SharedImages extends Construct {
  constructor(scope: Construct, id: string, { environmentName, consumers, removalPolicy }: SharedImagesProps) {
    super(scope, id);
    const repository = new Repository(this, 'Resource', {
      repositoryName: imagesRepositoryName(environmentName),
      // The tag is the hash of what the image is made from: a version always gets what it was registered with.
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      removalPolicy,
    });
    repository.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Publish',
        // By name, for a role needs no policy of its own then: that which it has names the bootstrap's repository only.
        principals: [new ArnPrincipal(publishingRoleArn(Stack.of(this)))],
        actions: [...PULL_ACTIONS, ...PUSH_ACTIONS],
      }),
    );
    for (const consumer of consumers) {
      repository.addToResourcePolicy(
        new PolicyStatement({
          sid: `PullBy${pascalCase(consumer.environmentName)}`,
          principals: [new AccountPrincipal(consumer.account)],
          actions: PULL_ACTIONS,
          conditions: byServingRoles(this, consumer),
        }),
      );
    }
  }
}

/** The bootstrap's role that the CDK takes to publish images. */
function publishingRoleArn(stack: Stack): string {
  return stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: `cdk-${bootstrapQualifier(stack)}-image-publishing-role-${stack.account}-${stack.region}`,
  });
}
