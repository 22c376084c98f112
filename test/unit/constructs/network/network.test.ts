import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { network, stack } from '../smallest';

function template(props: Parameters<typeof network>[1] = {}): Template {
  const scope = stack();
  network(scope, props);
  return Template.fromStack(scope);
}

interface Endpoint {
  readonly ServiceName: unknown;
  readonly PolicyDocument: { readonly Statement: readonly Record<string, unknown>[] };
}

function endpoints(): Endpoint[] {
  return Object.values(template().findResources('AWS::EC2::VPCEndpoint')).map(
    ({ Properties }) => Properties as Endpoint,
  );
}

describe('Network', () => {
  test.each(['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route'])(
    'has no way out: no %s',
    (type) => template().resourceCountIs(type, 0),
  );

  test.each([1, 2, 3])('has a subnet in each of %d zones', (availabilityZones) => {
    template({ availabilityZones }).resourceCountIs('AWS::EC2::Subnet', availabilityZones);
  });

  test('gives a zone the same addresses however many there are, so that one can be added', () => {
    const ranges = [1, 2, 3].map((availabilityZones) => {
      const subnets = Object.values(template({ availabilityZones }).findResources('AWS::EC2::Subnet'));
      return subnets.map(({ Properties }) => (Properties as { CidrBlock: string }).CidrBlock);
    });
    const all = ['10.0.0.0/18', '10.0.64.0/18', '10.0.128.0/18'];
    expect(ranges).toEqual([all.slice(0, 1), all.slice(0, 2), all]);
  });

  test('takes its range from the environment', () => {
    template({ cidr: '10.7.0.0/20' }).hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.7.0.0/20' });
  });

  test('needs no Lambda function to be deployed', () => {
    template().resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('reaches the services that jobs and models use, by interface endpoints with private names', () => {
    const names = endpoints().map(({ ServiceName }) => (typeof ServiceName === 'string' ? ServiceName : 's3'));
    expect(names.map((name) => name.replace('com.amazonaws.eu-west-1.', '')).sort()).toEqual([
      'ecr.api',
      'ecr.dkr',
      'kms',
      'logs',
      'monitoring',
      's3',
      'sagemaker.api',
      'sagemaker.runtime',
      'sts',
    ]);
    template().resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { PrivateDnsEnabled: true }, 8);
  });

  test("lets every endpoint at this account's resources only, image layers excepted", () => {
    for (const { PolicyDocument } of endpoints()) {
      const [own, ...others] = PolicyDocument.Statement;
      expect(own?.['Condition']).toEqual({
        StringEquals: { 'aws:PrincipalAccount': '111111111111' },
        StringEqualsIfExists: { 'aws:ResourceAccount': '111111111111' },
      });
      expect(others.map(({ Resource }) => Resource)).toEqual(
        others.length > 0 ? ['arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*'] : [],
      );
    }
  });

  test('lets nobody call workloads, and workloads call HTTPS only', () => {
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Training jobs, processing jobs and models',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    });
  });

  test('logs all flows, encrypted', () => {
    template().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
    template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
  });

  test('keeps flow logs for 90 days unless told otherwise', () => {
    template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    template({ flowLogRetention: RetentionDays.ONE_YEAR }).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
    });
  });

  test('leaves flow logs as the removal policy says', () => {
    template({ removalPolicy: RemovalPolicy.RETAIN }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('says to jobs and models where to run', () => {
    const scope = stack();
    const { vpcConfig } = network(scope, { availabilityZones: 2 });
    expect(vpcConfig.subnets).toHaveLength(2);
    expect(vpcConfig.securityGroupIds).toHaveLength(1);
  });
});
