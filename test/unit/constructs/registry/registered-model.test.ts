import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { actionsOf, granted, registeredModel, stack, statementsOf } from '../smallest';

const group = 'AWS::SageMaker::ModelPackageGroup';
const parameter = 'AWS::SSM::Parameter';

function template(
  props: Parameters<typeof registeredModel>[1] = {},
  change: (scope: ReturnType<typeof stack>) => void = () => {},
): Template {
  const scope = stack();
  registeredModel(scope, props);
  change(scope);
  return Template.fromStack(scope);
}

describe('RegisteredModel', () => {
  test('names the group after environment and model', () => {
    template().hasResourceProperties(group, { ModelPackageGroupName: 'dev-flight-delay' });
  });

  test('gives the group no description, for a new one would replace it', () => {
    template().hasResourceProperties(group, { ModelPackageGroupDescription: Match.absent() });
  });

  test('starts with no release', () => {
    template().hasResourceProperties(parameter, { Name: '/mlops/dev/flight-delay/release', Value: 'none' });
  });

  // CloudFormation writes the value again when any property changes. This test failing means: an upgrade would take
  // every released model out of service.
  test('keeps the release parameter free of anything that could ever change', () => {
    const changed = template({ removalPolicy: RemovalPolicy.DESTROY }, (scope) => {
      Tags.of(scope).add('owner', 'somebody-else@example.com');
      Tags.of(scope.node.findChild('flight-delay')).add('cost-centre', '42');
    });
    for (const each of [template(), changed]) {
      const [resource] = Object.values(each.findResources(parameter));
      expect(resource?.['Properties']).toStrictEqual({
        Name: '/mlops/dev/flight-delay/release',
        Type: 'String',
        Value: 'none',
      });
    }
  });

  test('tags the group all the same', () => {
    const tagged = template({}, (scope) => Tags.of(scope).add('owner', 'somebody@example.com'));
    tagged.hasResourceProperties(group, { Tags: [{ Key: 'owner', Value: 'somebody@example.com' }] });
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('leaves group and release as the removal policy %s says', (removalPolicy, DeletionPolicy) => {
    for (const type of [group, parameter]) template({ removalPolicy }).hasResource(type, { DeletionPolicy });
  });

  test('lets a pipeline register versions that somebody else has to approve', () => {
    const [statement] = statementsOf(
      granted((scope) => (role) => registeredModel(scope).grantRegister(role, { approved: false })),
    );
    expect(statement).toMatchObject({
      Action: 'sagemaker:CreateModelPackage',
      Condition: { StringEquals: { 'sagemaker:ModelApprovalStatus': ['PendingManualApproval'] } },
    });
  });

  test('lets a pipeline register approved versions only where nobody has to approve', () => {
    const [statement] = statementsOf(
      granted((scope) => (role) => registeredModel(scope).grantRegister(role, { approved: true })),
    );
    expect(statement?.Condition).toEqual({
      StringEquals: { 'sagemaker:ModelApprovalStatus': ['Approved', 'PendingManualApproval'] },
    });
  });

  test('lets an approver decide about versions of this model only, not register any', () => {
    const approver = granted((scope) => (role) => registeredModel(scope).grantApprove(role));
    expect(actionsOf(approver)).toEqual([
      'sagemaker:DescribeModelPackage',
      'sagemaker:DescribeModelPackageGroup',
      'sagemaker:ListModelPackages',
      'sagemaker:UpdateModelPackage',
    ]);
    expect(statementsOf(approver).map(({ Resource }) => Resource)).toContain(
      'arn:aws:sagemaker:eu-west-1:111111111111:model-package/dev-flight-delay/*',
    );
  });

  test('tells readers of the release from those who decide it', () => {
    const readers = granted((scope) => (role) => registeredModel(scope).grantReadRelease(role));
    const deciders = granted((scope) => (role) => registeredModel(scope).grantRelease(role));
    expect(actionsOf(readers)).not.toContain('ssm:PutParameter');
    expect(actionsOf(deciders)).toContain('ssm:PutParameter');
    expect(statementsOf(deciders)[0]?.Resource).toBe(
      'arn:aws:ssm:eu-west-1:111111111111:parameter/mlops/dev/flight-delay/release',
    );
  });
});
