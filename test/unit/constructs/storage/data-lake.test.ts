import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ZONES } from '../../../../constructs/storage/data-lake';
import { actionsOf, granted, lake, stack, statementsOf } from '../smallest';

const bucket = 'AWS::S3::Bucket';

function template(props: Parameters<typeof lake>[1] = {}): Template {
  const scope = stack();
  lake(scope, props);
  return Template.fromStack(scope);
}

/** Properties of the bucket of a zone. */
function zone(name: string, props: Parameters<typeof lake>[1] = {}): unknown {
  const buckets = Object.entries(template(props).findResources(bucket));
  return buckets.find(([id]) => id.toLowerCase().startsWith(`lake${name}`))?.[1]['Properties'];
}

describe('DataLake', () => {
  test('is a bucket a zone and one for access logs', () => {
    template().resourceCountIs(bucket, ZONES.length + 1);
  });

  test('versions every bucket and keeps the public out', () => {
    template().allResourcesProperties(bucket, {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test.each(ZONES)('encrypts the %s zone with a key of ours and logs who reads it', (name) => {
    expect(zone(name)).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        ],
      },
      LoggingConfiguration: { LogFilePrefix: `${name}/` },
    });
  });

  test('encrypts access logs with the keys of S3, the only ones that log delivery takes', () => {
    expect(JSON.stringify(zone('accesslogs'))).toContain('"SSEAlgorithm":"AES256"');
  });

  test('refuses requests without TLS 1.2 at every bucket', () => {
    const policies = Object.values(template().findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(ZONES.length + 1);
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"');
      expect(JSON.stringify(Properties)).toContain('"s3:TlsVersion":1.2');
    }
  });

  test.each(['governance', 'compliance'] as const)('locks evidence in mode %s', (mode) => {
    expect(zone('evidence', { evidenceLock: { duration: Duration.days(30), mode } })).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 30, Mode: mode.toUpperCase() } } },
    });
  });

  test('locks nothing but evidence', () => {
    template().resourcePropertiesCountIs(bucket, { ObjectLockEnabled: true }, 1);
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('leaves the buckets as the removal policy %s says', (removalPolicy, DeletionPolicy) => {
    template({ removalPolicy }).allResources(bucket, { DeletionPolicy });
  });

  test('empties no bucket by itself', () => {
    template({ removalPolicy: RemovalPolicy.DESTROY }).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('tells EventBridge of what is captured, without a function of its own, and of nothing else', () => {
    const made = template();
    const told = Object.entries(made.findResources('AWS::S3::Bucket')).filter(
      ([, { Properties }]) => (Properties as { NotificationConfiguration?: object }).NotificationConfiguration,
    );
    expect(told.map(([id]) => id)).toEqual([expect.stringContaining('Capture')]);
    made.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    made.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('deletes captures after 90 days unless told otherwise', () => {
    const expires = (days: number) => ({
      LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ ExpirationInDays: days })]) },
    });
    expect(zone('capture')).toMatchObject(expires(90));
    expect(zone('capture', { captureRetention: Duration.days(7) })).toMatchObject(expires(7));
  });

  test('deletes old versions after 90 days unless told otherwise, but not of evidence', () => {
    const old = (days: number) => `"NoncurrentVersionExpiration":{"NoncurrentDays":${days}}`;
    expect(JSON.stringify(zone('models'))).toContain(old(90));
    expect(JSON.stringify(zone('models', { oldVersionRetention: Duration.days(1) }))).toContain(old(1));
    expect(JSON.stringify(zone('evidence'))).not.toContain('Expiration');
  });

  test.each(['raw', 'curated', 'features', 'models'])('never expires what is current in the %s zone', (name) => {
    expect(JSON.stringify(zone(name))).not.toContain('ExpirationInDays');
  });

  describe('grants', () => {
    test('reading below one prefix', () => {
      const template = granted((scope) => (role) => lake(scope).grantRead(role, 'raw', 'flight-delay'));
      expect(actionsOf(template)).toEqual(['kms:Decrypt', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket']);
      const [list, read] = statementsOf(template);
      expect(list?.Condition).toEqual({ StringLike: { 's3:prefix': ['flight-delay', 'flight-delay/*'] } });
      expect(JSON.stringify(read?.Resource)).toContain('/flight-delay/*');
    });

    test('reading all of a zone where no prefix is given, and no other zone', () => {
      const statements = statementsOf(granted((scope) => (role) => lake(scope).grantRead(role, 'raw')));
      const [list, read] = statements;
      expect(list?.Condition).toBeUndefined();
      expect(JSON.stringify(read?.Resource)).toMatch(/LakeRaw.*"\/\*"/);
      expect(JSON.stringify(statements)).not.toMatch(/LakeCurated|LakeEvidence/);
    });

    test('writing without deleting or reading', () => {
      expect(actionsOf(granted((scope) => (role) => lake(scope).grantWrite(role, 'models', 'flight-delay')))).toEqual([
        'kms:Decrypt',
        'kms:GenerateDataKey',
        's3:AbortMultipartUpload',
        's3:PutObject',
      ]);
    });

    test('both', () => {
      const actions = actionsOf(
        granted((scope) => (role) => lake(scope).grantReadWrite(role, 'models', 'flight-delay')),
      );
      expect(actions).toEqual(expect.arrayContaining(['s3:GetObject', 's3:ListBucket', 's3:PutObject']));
    });

    test.each([
      ['raw', 'DataKey'],
      ['evidence', 'EvidenceKey'],
    ] as const)('the key of the %s zone only', (name, key) => {
      const template = granted((scope) => (role) => lake(scope).grantRead(role, name, 'flight-delay'));
      const [statement] = statementsOf(template).filter(({ Action }) => Action === 'kms:Decrypt');
      expect(JSON.stringify(statement?.Resource)).toContain(key);
    });

    test('no wildcard among the actions', () => {
      const template = granted((scope) => (role) => {
        const all = lake(scope);
        for (const name of ZONES) all.grantReadWrite(role, name, 'flight-delay');
      });
      template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: Match.anyValue() });
      expect(actionsOf(template).filter((action) => action.includes('*'))).toEqual([]);
    });
  });
});
