import { Fn, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RegistryLocation } from '../../config/registry';
import { imagesRepositoryName, modelName, servingRolePath, stackName } from '../../core/names';
import { allow } from '../security/allow';

export interface SourceRegistryProps extends RegistryLocation {
  /** The environment that takes its releases from it. */
  readonly consumer: RegistryLocation;
}

/** Outputs of the stacks of an environment that others of the same account read. */
export const MODELS_BUCKET_OUTPUT = 'ModelsBucketName';
export const DATA_KEY_OUTPUT = 'DataKeyArn';

export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
export const READ_OBJECT_ACTIONS = ['s3:GetObject', 's3:GetObjectVersion'];

/**
 * The registry of another environment, as an environment sees it that takes its releases from there. Within an account
 * the roles' own policies decide, so they name bucket and key. In another account its policies decide as well: they say
 * exactly what may be read, and what stands here names the account, so that neither has to be deployed before the other.
 */
export class SourceRegistry {
  readonly environmentName: string;
  readonly account: string;
  /** Whether it is in another account. */
  readonly isForeign: boolean;
  /** Path of the roles that read artefacts, which the policies of the other account name. */
  readonly rolePath: string;

  constructor({ environmentName, account, consumer }: SourceRegistryProps) {
    this.environmentName = environmentName;
    this.account = account;
    this.isForeign = account !== consumer.account;
    this.rolePath = servingRolePath(consumer.environmentName);
  }

  /** @param model as in `config/models.ts`, or `*` for all of them */
  groupArn(scope: Construct, model: string): string {
    return this.sageMaker(scope, 'model-package-group', modelName(this.environmentName, model));
  }

  /** Of all versions. @param model as in `config/models.ts`, or `*` for all of them */
  versionsArn(scope: Construct, model: string): string {
    return this.sageMaker(scope, 'model-package', `${modelName(this.environmentName, model)}/*`);
  }

  /** Lets a role fetch what versions of a model are made of: artefacts and images. */
  grantFetch(scope: Construct, grantee: IGrantable, model: string): void {
    if (this.isForeign) this.grantForeign(scope, grantee, model);
    else this.grantOwn(scope, grantee, model);
    allow(grantee, {
      actions: PULL_ACTIONS,
      resources: [
        Stack.of(scope).formatArn({
          service: 'ecr',
          account: this.account,
          resource: 'repository',
          resourceName: imagesRepositoryName(this.environmentName),
        }),
      ],
    });
  }

  private grantForeign(scope: Construct, grantee: IGrantable, model: string): void {
    const { partition, region, urlSuffix } = Stack.of(scope);
    const inAccount = { 'aws:ResourceAccount': this.account };
    const because = `CloudFormation has named bucket and key in account ${this.account}; their policies say which they are`;
    allow(grantee, {
      actions: READ_OBJECT_ACTIONS,
      resources: [`arn:${partition}:s3:::*/${model}/*`],
      conditions: { StringEquals: inAccount },
      because,
    });
    allow(grantee, {
      actions: ['s3:ListBucket'],
      resources: [`arn:${partition}:s3:::*`],
      conditions: { StringEquals: inAccount, StringLike: { 's3:prefix': [model, `${model}/*`] } },
      because,
    });
    allow(grantee, {
      actions: ['kms:Decrypt'],
      resources: [
        Stack.of(scope).formatArn({ service: 'kms', account: this.account, resource: 'key', resourceName: '*' }),
      ],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } },
      because,
    });
  }

  private grantOwn(scope: Construct, grantee: IGrantable, model: string): void {
    const { partition } = Stack.of(scope);
    const bucket = `arn:${partition}:s3:::${Fn.getStackOutput(stackName(this.environmentName, 'data'), MODELS_BUCKET_OUTPUT)}`;
    allow(grantee, {
      actions: READ_OBJECT_ACTIONS,
      resources: [`${bucket}/${model}/*`],
      because: `Objects of ${model} come and go; the statement reaches no other prefix`,
    });
    allow(grantee, {
      actions: ['s3:ListBucket'],
      resources: [bucket],
      conditions: { StringLike: { 's3:prefix': [model, `${model}/*`] } },
    });
    allow(grantee, {
      actions: ['kms:Decrypt'],
      resources: [Fn.getStackOutput(stackName(this.environmentName, 'security'), DATA_KEY_OUTPUT)],
    });
  }

  private sageMaker(scope: Construct, resource: string, resourceName: string): string {
    return Stack.of(scope).formatArn({ service: 'sagemaker', account: this.account, resource, resourceName });
  }
}
