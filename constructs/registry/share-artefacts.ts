import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { RegistryConsumer } from '../../config/registry';
import { pascalCase, servingRolePath } from '../../core/names';
import { READ_OBJECT_ACTIONS } from './source-registry';

/**
 * That a request comes from a role that an environment runs its models as. A policy can name an account's roles only
 * once they are there, but may have a condition on their ARNs at any time: so either account can be deployed first.
 */
export function byServingRoles(
  scope: Construct,
  { environmentName, account }: RegistryConsumer,
): { readonly ArnLike: { readonly 'aws:PrincipalArn': string } } {
  const role = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account,
    resource: 'role',
    resourceName: `${servingRolePath(environmentName).slice(1)}*`,
  });
  return { ArnLike: { 'aws:PrincipalArn': role } };
}

/** Lets the models of other accounts read the artefacts of their own models, and of no others. */
export function shareArtefacts(bucket: Bucket, consumers: readonly RegistryConsumer[]): void {
  for (const consumer of consumers) {
    const { environmentName, account, models } = consumer;
    const principals = [new AccountPrincipal(account)];
    const roles = byServingRoles(bucket, consumer);
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `ArtefactsFor${pascalCase(environmentName)}`,
        principals,
        actions: READ_OBJECT_ACTIONS,
        resources: models.map((model) => bucket.arnForObjects(`${model}/*`)),
        conditions: roles,
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `ListArtefactsFor${pascalCase(environmentName)}`,
        principals,
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { ...roles, StringLike: { 's3:prefix': models.flatMap((model) => [model, `${model}/*`]) } },
      }),
    );
  }
}

/** Lets the models of other accounts have S3 decrypt what they may read. */
export function shareKey(key: Key, consumers: readonly RegistryConsumer[]): void {
  const { region, urlSuffix } = Stack.of(key);
  for (const consumer of consumers) {
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: `ArtefactsFor${pascalCase(consumer.environmentName)}`,
        principals: [new AccountPrincipal(consumer.account)],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: {
          ...byServingRoles(key, consumer),
          StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` },
        },
      }),
    );
  }
}
