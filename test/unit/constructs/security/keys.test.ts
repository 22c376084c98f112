import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Keys } from '../../../../constructs/security/keys';
import { resourceAllows, resourcePolicyOf } from '../iam-simulation';
import { account, app, stack } from '../smallest';

function template(removalPolicy: RemovalPolicy = RemovalPolicy.RETAIN, scope = stack()): Template {
  new Keys(scope, 'Keys', { removalPolicy });
  return Template.fromStack(scope);
}

describe('Keys', () => {
  test('makes a key each for data, evidence and operations, all rotated', () => {
    template().resourcePropertiesCountIs('AWS::KMS::Key', { EnableKeyRotation: true }, 3);
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('leaves them as the removal policy %s says', (removalPolicy, DeletionPolicy) => {
    template(removalPolicy).allResources('AWS::KMS::Key', { DeletionPolicy });
  });

  test('lets services use the key of operations and no other', () => {
    const principals = Object.values(template().findResources('AWS::KMS::Key')).map(
      ({ Properties }) => JSON.stringify(Properties).match(/[a-z.0-9-]+\.amazonaws\.com/g) ?? [],
    );
    expect(principals).toEqual([
      [],
      [],
      ['logs.eu-west-1.amazonaws.com', 'cloudwatch.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com'],
    ]);
  });

  test.each([
    ['cn-north-1', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'amazonaws.com'],
  ])('knows Logs in %s by the domain of the partition, and the other services by the usual one', (region, domain) => {
    const scope = new Stack(app(), 'Elsewhere', { env: { account, region } });
    const services = Object.values(template(RemovalPolicy.RETAIN, scope).findResources('AWS::KMS::Key')).flatMap(
      ({ Properties }) => JSON.stringify(Properties).match(/[a-z.0-9-]+\.amazonaws\.com(\.cn)?/g) ?? [],
    );
    expect(services).toEqual([
      `logs.${region}.${domain}`,
      'cloudwatch.amazonaws.com',
      'events.amazonaws.com',
      'sns.amazonaws.com',
    ]);
  });

  test("encrypts logs of this account's log groups only", () => {
    template().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'LogsOfThisAccount',
            Condition: {
              ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111111111111:log-group:*' },
            },
          }),
        ]),
      },
    });
  });

  describe('with nodes of a cluster', () => {
    const scope = stack();
    new Keys(scope, 'Keys', { removalPolicy: RemovalPolicy.RETAIN }).letNodesUse();
    const policy = resourcePolicyOf(Template.fromStack(scope), 'AWS::KMS::Key', 'KeyPolicy', 'KeysData').filter(
      ({ Condition }) => Condition,
    );
    const role = 'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
    const scaling = { account: '111111111111', arn: `arn:aws:iam::111111111111:${role}` };
    const viaEc2 = { 'kms:CallerAccount': '111111111111', 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' };
    const may = (action: string, context: Readonly<Record<string, string>>, caller = scaling) =>
      resourceAllows(policy, caller, action, '*', context);

    test('lets EC2 Auto Scaling encrypt their disks, through EC2 only', () => {
      expect(may('kms:GenerateDataKeyWithoutPlaintext', viaEc2)).toBe(true);
      expect(
        may('kms:GenerateDataKeyWithoutPlaintext', { ...viaEc2, 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }),
      ).toBe(false);
      expect(may('kms:Decrypt', { ...viaEc2, 'kms:CallerAccount': '222222222222' })).toBe(false);
      expect(may('kms:Decrypt', viaEc2, { ...scaling, arn: scaling.arn.replace('AutoScaling', 'Support') })).toBe(
        false,
      );
    });

    test('lets it hand the key on to disks, and to nobody else', () => {
      expect(may('kms:CreateGrant', { ...viaEc2, 'kms:GrantIsForAWSResource': 'true' })).toBe(true);
      expect(may('kms:CreateGrant', viaEc2)).toBe(false);
      expect(may('kms:PutKeyPolicy', viaEc2)).toBe(false);
    });
  });
});
