import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ApprovedModel, type ApprovedModelProps } from '../../../../constructs/serving/approved-model';
import { allowedActions, allows, policyOf } from '../iam-simulation';
import { lake, network, role, stack } from '../smallest';
import { hasModel } from './smallest-endpoint';

const MODEL = 'AWS::SageMaker::Model';
const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111111111111:model-package/dev-churn/3';

function template(change: (scope: ReturnType<typeof stack>) => Partial<ApprovedModelProps> = () => ({})): Template {
  const scope = stack();
  new ApprovedModel(scope, 'Model', {
    modelName: 'churn',
    modelPackageArn: PACKAGE,
    condition: hasModel(scope),
    lake: lake(scope),
    network: network(scope),
    images: [Repository.fromRepositoryName(scope, 'Images', 'images')],
    ...change(scope),
  });
  return Template.fromStack(scope);
}

describe('ApprovedModel', () => {
  test('is what the model package says, and exists only while there is one', () => {
    template().hasResource(MODEL, {
      Condition: 'HasModel',
      Properties: { PrimaryContainer: { ModelPackageName: PACKAGE } },
    });
  });

  test('is unnamed, for the one that still serves would have the name', () => {
    template().hasResourceProperties(MODEL, { ModelName: Match.absent() });
  });

  test('runs in the subnets of the network', () => {
    template().hasResourceProperties(MODEL, {
      VpcConfig: { Subnets: [Match.anyValue(), Match.anyValue()], SecurityGroupIds: [Match.anyValue()] },
    });
  });

  test('takes the network away from the container unless told otherwise', () => {
    template().hasResourceProperties(MODEL, { EnableNetworkIsolation: true });
    template(() => ({ networkIsolation: false })).hasResourceProperties(MODEL, { EnableNetworkIsolation: false });
  });

  test('is made after the permissions of its role, which SageMaker tries', () => {
    template().hasResource(MODEL, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ModelExecutionRoleDefaultPolicy')]),
    });
  });

  test('takes a role of somebody else, and then makes none', () => {
    const given = template((scope) => ({ role: role(scope, 'Given') }));
    given.hasResourceProperties(MODEL, {
      ExecutionRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Given'), 'Arn'] },
    });
    expect(Object.keys(given.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('Model'))).toEqual([]);
  });

  describe('runs in a role that', () => {
    const made = template();
    const statements = policyOf(made, 'ModelExecutionRole');
    const bucket = (zone: string) =>
      `<${Object.keys(made.findResources('AWS::S3::Bucket')).find((id) => id.startsWith(`Lake${zone}`))}>`;

    test('reads artefacts of this model and writes its captures, and does neither elsewhere', () => {
      expect(allows(statements, 's3:GetObject', `${bucket('Models')}/churn/model.tar.gz`)).toBe(true);
      expect(allows(statements, 's3:GetObject', `${bucket('Models')}/credit/model.tar.gz`)).toBe(false);
      expect(allows(statements, 's3:PutObject', `${bucket('Capture')}/churn/1.jsonl`)).toBe(true);
      expect(allows(statements, 's3:PutObject', `${bucket('Models')}/churn/model.tar.gz`)).toBe(false);
      expect(allows(statements, 's3:GetObject', `${bucket('Raw')}/churn/data.csv`)).toBe(false);
    });

    test('attaches to the subnets of the network only', () => {
      const create = 'ec2:CreateNetworkInterface';
      const subnet = 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-0';
      expect(allowedActions(statements)).toContain(create);
      expect(allows(statements, create, subnet)).toBe(false);
      expect(
        allows(statements, 'ec2:DeleteNetworkInterface', 'arn:aws:ec2:eu-west-1:111111111111:network-interface/eni-0', {
          'ec2:Subnet': subnet,
        }),
      ).toBe(false);
    });

    test('writes the logs of endpoints, and metrics of SageMaker', () => {
      const group = (name: string) => `arn:aws:logs:eu-west-1:111111111111:log-group:${name}`;
      expect(allows(statements, 'logs:PutLogEvents', group('/aws/sagemaker/Endpoints/dev-churn'))).toBe(true);
      expect(allows(statements, 'logs:PutLogEvents', group('/aws/lambda/other'))).toBe(false);
      const inNamespace = (namespace: string) =>
        allows(statements, 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': namespace });
      expect(['AWS/SageMaker', 'AWS/EC2'].map(inNamespace)).toEqual([true, false]);
    });

    // Without it no alarm ever sends a release back.
    test('sees the state of the alarms that guard an update, unless none does', () => {
      expect(allows(statements, 'cloudwatch:DescribeAlarms', '*')).toBe(true);
      const unguarded = policyOf(
        template(() => ({ guarded: false })),
        'ModelExecutionRole',
      );
      expect(allows(unguarded, 'cloudwatch:DescribeAlarms', '*')).toBe(false);
    });

    test('neither calls SageMaker nor hands over roles nor reads parameters', () => {
      expect(allowedActions(statements).filter((action) => /^(sagemaker|iam|sts|ssm|lambda):/.test(action))).toEqual(
        [],
      );
      expect(allowedActions(statements).filter((action) => action.includes('*'))).toEqual([]);
    });
  });
});
