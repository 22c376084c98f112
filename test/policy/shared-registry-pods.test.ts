import { download, eks, managed } from '../unit/config/cluster/smallest';
import { ENGINE_SETTINGS, plane } from '../unit/config/kubernetes/smallest';
import {
  allows,
  policyOf,
  type RequestContext,
  type ResourceStatement,
  resourceAllows,
  resourcePolicyOf,
} from '../unit/constructs/iam-simulation';
import { app } from '../unit/constructs/smallest';
import { templateOf } from '../unit/lib/platform';
import { CONSUMER_ACCOUNT, REGISTRY_ACCOUNT, sharedRegistry } from '../unit/lib/shared-registry';

const { staging, prod } = sharedRegistry(app(), {
  account: CONSUMER_ACCOUNT,
  planes: ['kubernetes'],
  kubernetes: plane({ engine: ENGINE_SETTINGS['gateway-api'], releases: { churn: {} }, download }),
  cluster: eks({ capacity: managed() }),
});
const cluster = templateOf(prod, 'Cluster');
const data = templateOf(staging, 'Data');

const [modelsId = ''] = Object.keys(data.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('LakeModels'));
const bucket = 'arn:aws:s3:::staging-models';
const bucketPolicy = JSON.parse(
  JSON.stringify(resourcePolicyOf(data, 'AWS::S3::BucketPolicy', 'PolicyDocument', 'LakeModels')).replaceAll(
    `<${modelsId}>`,
    bucket,
  ),
) as readonly ResourceStatement[];
const keyPolicy = resourcePolicyOf(templateOf(staging, 'Security'), 'AWS::KMS::Key', 'KeyPolicy', 'KeysData');
const imagesPolicy = resourcePolicyOf(
  templateOf(staging, 'Registry'),
  'AWS::ECR::Repository',
  'RepositoryPolicyText',
).map((statement) => ({ ...statement, Resource: '*' }));

/** The role whose logical id begins so, as its account knows it. */
function roleArn(prefix: string): string {
  const [role] = Object.entries(cluster.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith(prefix));
  return `arn:aws:iam::${CONSUMER_ACCOUNT}:role${role?.[1].Properties.Path ?? '/'}${prefix}`;
}

const pods = { account: CONSUMER_ACCOUNT, arn: roleArn('Identitychurn') };
const viaS3 = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
const key = `arn:aws:kms:eu-west-1:${REGISTRY_ACCOUNT}:key/1234`;

/** Whether the pods of churn may do it: the policy of their role and that of the resource have to say so. */
function may(action: string, resource: string, policy: readonly ResourceStatement[], context: RequestContext = {}) {
  const whole = {
    'aws:ResourceAccount': REGISTRY_ACCOUNT,
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    ...context,
  };
  const own = policyOf(cluster, 'Identitychurn');
  return allows(own, action, resource, whole) && resourceAllows(policy, pods, action, resource, whole);
}

describe('the pods of a model whose versions are registered in another account', () => {
  test('may read its artefacts there, and have them decrypted', () => {
    expect(may('s3:GetObject', `${bucket}/churn/7/output/model.tar.gz`, bucketPolicy)).toBe(true);
    expect(may('s3:ListBucket', bucket, bucketPolicy, { 's3:prefix': 'churn/7' })).toBe(true);
    expect(may('kms:Decrypt', key, keyPolicy, viaS3)).toBe(true);
  });

  test('may not read those of another model, write any, or use the key for anything else', () => {
    expect(may('s3:GetObject', `${bucket}/credit/7/output/model.tar.gz`, bucketPolicy)).toBe(false);
    expect(may('s3:PutObject', `${bucket}/churn/7/output/model.tar.gz`, bucketPolicy)).toBe(false);
    expect(may('kms:Decrypt', key, keyPolicy)).toBe(false);
    expect(may('kms:Encrypt', key, keyPolicy, viaS3)).toBe(false);
  });

  test('have images that the nodes may pull there, and not the pods’ neighbours', () => {
    const pull = (arn: string) =>
      resourceAllows(imagesPolicy, { account: CONSUMER_ACCOUNT, arn }, 'ecr:BatchGetImage', '*', {});
    expect(pull(roleArn('CapacityNodeRole'))).toBe(true);
    expect(pull(roleArn('CapacityCniRole'))).toBe(false);
  });
});
