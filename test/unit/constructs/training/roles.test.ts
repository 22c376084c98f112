import { Match, Template } from 'aws-cdk-lib/assertions';
import { JobRole } from '../../../../constructs/training/job-role';
import { PipelineRole } from '../../../../constructs/training/pipeline-role';
import { TrainingImage } from '../../../../constructs/training/training-image';
import { actionsOf, keys, lake, network, registeredModel, role, stack, statementsOf } from '../smallest';

const assumedBySageMakerOfTheAccount = {
  AssumeRolePolicyDocument: {
    Statement: [
      Match.objectLike({
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      }),
    ],
  },
};

describe('JobRole', () => {
  const scope = stack();
  new JobRole(scope, 'Jobs', {
    modelName: 'flight-delay',
    keys: keys(scope),
    lake: lake(scope),
    network: network(scope),
    image: new TrainingImage(scope, 'Image', { framework: 'sklearn' }),
  });
  const template = Template.fromStack(scope);
  const statements = statementsOf(template).filter((statement) => !JSON.stringify(statement).includes('FlowLogs'));
  const actions = statements.flatMap(({ Action }) => Action);

  test('is for SageMaker on behalf of this account', () => {
    template.hasResourceProperties('AWS::IAM::Role', assumedBySageMakerOfTheAccount);
  });

  test('can neither start jobs nor touch the registry nor hand over roles', () => {
    expect(actions.filter((action) => /^(sagemaker|iam|sts|ssm):/.test(action) && action !== 'iam:PassRole')).toEqual(
      [],
    );
  });

  test('has no wildcard among its actions', () => {
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test("writes below the model's own prefix, and never to raw data, captures or evidence", () => {
    const writes = statements.filter(({ Action }) => JSON.stringify(Action).includes('s3:PutObject'));
    const resources = JSON.stringify(writes.map(({ Resource }) => Resource));
    expect(resources.match(/\/flight-delay\/\*/g)).toHaveLength(3);
    expect(resources).not.toMatch(/LakeRaw|LakeCapture|LakeEvidence/);
  });

  test('makes network interfaces in the subnets of the network only', () => {
    const [create] = statements.filter(({ Action }) => Action === 'ec2:CreateNetworkInterface');
    expect(JSON.stringify(create?.Resource).match(/NetworkVpcIsolatedSubnet\dSubnet/g)).toHaveLength(2);
    const [change] = statements.filter(({ Action }) => JSON.stringify(Action).includes('ec2:DeleteNetworkInterface"'));
    expect(change?.Condition).toEqual({ ArnEquals: { 'ec2:Subnet': [expect.anything(), expect.anything()] } });
  });

  test('lets SageMaker encrypt volumes with the key of data only', () => {
    const [grant] = statements.filter(({ Action }) => JSON.stringify(Action).includes('kms:CreateGrant'));
    expect(JSON.stringify(grant?.Resource)).toContain('KeysData');
  });

  test('writes metrics of SageMaker only', () => {
    const [metrics] = statements.filter(({ Action }) => Action === 'cloudwatch:PutMetricData');
    expect(metrics?.Condition).toEqual({
      StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] },
    });
  });
});

describe('PipelineRole', () => {
  function template(approvesByItself: boolean): Template {
    const scope = stack();
    new PipelineRole(scope, 'Pipeline', {
      modelName: 'flight-delay',
      jobRole: role(scope, 'Jobs'),
      keys: keys(scope),
      lake: lake(scope),
      registered: registeredModel(scope),
      approvesByItself,
    });
    return Template.fromStack(scope);
  }

  test('hands over the role of the jobs and no other, to SageMaker and nobody else', () => {
    const [pass] = statementsOf(template(false)).filter(({ Action }) => Action === 'iam:PassRole');
    expect(JSON.stringify(pass?.Resource)).toContain('Jobs');
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  });

  test.each([
    [false, ['PendingManualApproval']],
    [true, ['Approved', 'PendingManualApproval']],
  ])('registers approved versions where the environment approves by itself: %s', (approvesByItself, statuses) => {
    const [register] = statementsOf(template(approvesByItself)).filter(({ Action }) =>
      JSON.stringify(Action).includes('CreateModelPackage'),
    );
    expect(register?.Condition).toEqual({ StringEquals: { 'sagemaker:ModelApprovalStatus': statuses } });
  });

  test('reads what jobs measured, but writes no data and decides no release', () => {
    const actions = actionsOf(template(false));
    expect(actions).toContain('s3:GetObject');
    for (const action of [
      's3:PutObject',
      'sagemaker:UpdateModelPackage',
      'ssm:PutParameter',
      'sagemaker:CreateEndpoint',
    ]) {
      expect(actions).not.toContain(action);
    }
  });

  test('has no wildcard among its actions', () => {
    expect(actionsOf(template(true)).filter((action) => action.includes('*'))).toEqual([]);
  });
});
