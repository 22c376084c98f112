import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PERSONAS, type PersonaName } from '../../../../config/environment-spec';
import { EnvironmentAccess } from '../../../../constructs/security/environment-access';
import { Personas } from '../../../../constructs/security/personas';
import { allowedActions, allows, type PolicyStatement, policyOf, type RequestContext } from '../iam-simulation';
import { app, lake, stack } from '../smallest';

const everybodyElse = (...personas: PersonaName[]) => PERSONAS.filter((persona) => !personas.includes(persona));

function template(approvers: readonly PersonaName[] = ['approver'], asynchronous?: boolean): Template {
  const root = app();
  const personas = new Personas(stack(root, 'Home'), 'Personas');
  const scope = stack(root);
  new EnvironmentAccess(scope, 'Access', {
    environmentName: 'dev',
    personas,
    lake: lake(scope),
    topicKey: new Key(scope, 'TopicKey'),
    approvers,
    asynchronous,
  });
  return Template.fromStack(scope);
}

function statements(persona: PersonaName, made: Template): readonly PolicyStatement[] {
  const pascal = persona.replace(/(^|-)(\w)/g, (_, _hyphen: string, letter: string) => letter.toUpperCase());
  return policyOf(made, `Access${pascal}`);
}

const usual = template();
const bucketOf = (zone: string) => {
  const id = Object.keys(usual.findResources('AWS::S3::Bucket')).find((each) => each.startsWith(`Lake${zone}`));
  return `<${id}>`;
};

/** Personas that may do something to a resource. */
function who(action: string, resource: string, context: RequestContext = {}, made = usual): PersonaName[] {
  return PERSONAS.filter((persona) => allows(statements(persona, made), action, resource, context));
}

const at = 'eu-west-1:111111111111';
const sageMaker = (resource: string) => `arn:aws:sagemaker:${at}:${resource}`;
const parameter = (environment: string) => `arn:aws:ssm:${at}:parameter/mlops/${environment}/churn/release`;
const servingStack = (environment: string) =>
  `arn:aws:cloudformation:${at}:stack/mlops-${environment}-serving-churn/5e0c1f`;
const releaseRole = (environment: string) => `arn:aws:iam::111111111111:role/mlops/${environment}/release/churn-1`;
const inReleaseRole = { 'cloudformation:RoleArn': releaseRole('dev') };
const tagged = { 'aws:ResourceTag/environment': 'dev' };

describe('EnvironmentAccess', () => {
  test('is a policy for every persona, none of which is empty', () => {
    expect(PERSONAS.filter((persona) => statements(persona, usual).length > 0)).toEqual([...PERSONAS]);
  });

  test('lets applications put requests into S3 and find answers there, where a model answers so', () => {
    const application = statements('application', template(['approver'], true));
    const may = (action: string, resource: string) => allows(application, action, resource);
    expect(may('sagemaker:InvokeEndpointAsync', sageMaker('endpoint/dev-churn'))).toBe(true);
    expect(may('s3:PutObject', `${bucketOf('Capture')}/churn/asynchronous/input/1.csv`)).toBe(true);
    expect(may('s3:GetObject', `${bucketOf('Capture')}/churn/2026/01/captured.jsonl`)).toBe(false);
  });

  test('lets applications ask endpoints for predictions, and do nothing else', () => {
    expect(allowedActions(statements('application', usual))).toEqual(['sagemaker:InvokeEndpoint']);
    expect(who('sagemaker:InvokeEndpoint', sageMaker('endpoint/dev-churn'))).toEqual([
      'ml-engineer',
      'application',
      'operator',
    ]);
  });

  test.each([
    ['sagemaker:DescribeEndpoint', sageMaker('endpoint/dev-churn'), {}],
    ['sagemaker:DescribePipelineExecution', sageMaker('pipeline/dev-churn/execution/abc'), {}],
    ['sagemaker:DescribeModelPackage', sageMaker('model-package/dev-churn/3'), {}],
    ['sagemaker:ListModelPackages', sageMaker('model-package-group/dev-churn'), {}],
    ['sagemaker:DescribeEndpointConfig', sageMaker('endpoint-config/EndpointConfig-x1'), tagged],
    ['sagemaker:DescribeModel', sageMaker('model/Model-x1'), tagged],
    ['ssm:GetParameter', parameter('dev'), {}],
    ['cloudformation:DescribeStacks', servingStack('dev'), {}],
    ['s3:GetObject', `${bucketOf('Evidence')}/releases/dev/churn/1.json`, {}],
    ['s3:ListBucket', bucketOf('Models'), {}],
  ])('lets people, not applications, see by %s what is made and released', (action, resource, context) => {
    expect(who(action, resource, context)).toEqual(everybodyElse('application'));
  });

  test.each(['Raw', 'Curated', 'Features'])('keeps the %s data to those who make models', (zone) => {
    expect(who('s3:GetObject', `${bucketOf(zone)}/churn/data.csv`)).toEqual(['data-scientist', 'ml-engineer']);
  });

  test('lets nobody at captured requests, which may be personal data', () => {
    expect(who('s3:GetObject', `${bucketOf('Capture')}/churn/1.jsonl`)).toEqual([]);
  });

  test.each(['Raw', 'Curated', 'Features', 'Models', 'Capture'])('lets nobody write to the %s zone', (zone) => {
    expect(who('s3:PutObject', `${bucketOf(zone)}/churn/data.csv`)).toEqual([]);
  });

  test.each([
    ['sagemaker:StartPipelineExecution', sageMaker('pipeline/dev-churn'), {}],
    ['sagemaker:StopPipelineExecution', sageMaker('pipeline/dev-churn/execution/abc'), {}],
    ['ssm:PutParameter', parameter('dev'), {}],
    ['ssm:GetParameters', parameter('dev'), {}],
    ['ssm:GetParameters', `arn:aws:ssm:${at}:parameter/cdk-bootstrap/hnb659fds/version`, {}],
    ['cloudformation:UpdateStack', servingStack('dev'), inReleaseRole],
    ['cloudformation:DescribeStackEvents', servingStack('dev'), {}],
    ['iam:PassRole', releaseRole('dev'), { 'iam:PassedToService': 'cloudformation.amazonaws.com' }],
    ['s3:PutObject', `${bucketOf('Evidence')}/releases/dev/churn/state.json`, {}],
    ['sns:Publish', `arn:aws:sns:${at}:mlops-dev-serving-churn-AlarmTopicB56431CA-x1`, {}],
    ['cloudwatch:DescribeAlarms', '*', {}],
    ['logs:FilterLogEvents', `arn:aws:logs:${at}:log-group:/aws/sagemaker/Endpoints/dev-churn:log-stream:x`, {}],
    ['logs:GetLogEvents', `arn:aws:logs:${at}:log-group:mlops-dev-serving-churn-PromotionLog-x1:log-stream:x`, {}],
  ])('lets ML engineers and operators run, watch and release by %s, and nobody else', (action, resource, context) => {
    expect(who(action, resource, context)).toEqual(['ml-engineer', 'operator']);
  });

  test.each([
    ['the role of somebody else', { 'cloudformation:RoleArn': 'arn:aws:iam::111111111111:role/Admin' }],
    ["another environment's release role", { 'cloudformation:RoleArn': releaseRole('prod') }],
    ['no role', {}],
  ])('lets nobody update a serving stack in %s', (_, context) => {
    expect(who('cloudformation:UpdateStack', servingStack('dev'), context)).toEqual([]);
  });

  test('lets nobody update any other stack, or hand a release role to another service', () => {
    const data = servingStack('dev').replace('serving-churn', 'data');
    expect(who('cloudformation:UpdateStack', data, inReleaseRole)).toEqual([]);
    expect(who('iam:PassRole', releaseRole('dev'), { 'iam:PassedToService': 'lambda.amazonaws.com' })).toEqual([]);
  });

  describe('of approvals', () => {
    const approve = (approvers: readonly PersonaName[]) =>
      who('sagemaker:UpdateModelPackage', sageMaker('model-package/dev-churn/3'), {}, template(approvers));

    test.each([[['approver']], [['ml-engineer']], [['data-scientist', 'approver']]] as PersonaName[][][])(
      'is for %p alone where they are named',
      (approvers) => {
        expect(approve(approvers)).toEqual(approvers);
      },
    );

    test('is for nobody where passing the gates is enough', () => {
      expect(approve([])).toEqual([]);
    });

    test('lets whoever approves see what it is about', () => {
      const made = template(['application']);
      expect(who('sagemaker:DescribeModelPackage', sageMaker('model-package/dev-churn/3'), {}, made)).toContain(
        'application',
      );
    });

    test('comes without releasing by hand', () => {
      const releasing = ['cloudformation:UpdateStack', 'iam:PassRole', 'ssm:PutParameter'];
      expect(allowedActions(statements('approver', usual)).filter((action) => releasing.includes(action))).toEqual([]);
    });
  });

  test.each([
    ['sagemaker:InvokeEndpoint', (environment: string) => sageMaker(`endpoint/${environment}-churn`)],
    ['sagemaker:DescribeModelPackage', (environment: string) => sageMaker(`model-package/${environment}-churn/1`)],
    ['sagemaker:StartPipelineExecution', (environment: string) => sageMaker(`pipeline/${environment}-churn`)],
    ['ssm:PutParameter', parameter],
    ['cloudformation:DescribeStacks', servingStack],
  ])('does not reach other environments by %s', (action, resource) => {
    expect(who(action, resource('dev'))).not.toEqual([]);
    for (const other of ['dev2', 'prod', 'my-dev']) expect([other, who(action, resource(other))]).toEqual([other, []]);
  });

  test.each(['sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeModel'])(
    "does not reach another environment's unnamed resources by %s",
    (action) => {
      const resource = sageMaker(`${action.endsWith('Model') ? 'model' : 'endpoint-config'}/x1`);
      expect(who(action, resource, { 'aws:ResourceTag/environment': 'prod' })).toEqual([]);
      expect(who(action, resource)).toEqual([]);
    },
  );

  test("has no wildcard in a resource but after the environment's name, in a bucket of its own, or with its tag", () => {
    const wide = PERSONAS.flatMap((persona) => statements(persona, usual))
      .filter(({ Condition }) => Condition?.['StringEquals']?.['aws:ResourceTag/environment'] !== 'dev')
      .flatMap(({ Resource }) => Resource)
      .filter(
        (resource) => resource.includes('*') && !/(^<Lake\w+>\/|[-/]dev[-/]|\/dev-)/.test(resource.split('*')[0] ?? ''),
      );
    expect([...new Set(wide)]).toEqual(['*']);
    const actions = PERSONAS.flatMap((persona) => statements(persona, usual)).filter(
      ({ Resource }) => Resource === '*',
    );
    expect(allowedActions(actions)).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
    ]);
  });

  test('has no wildcard among its actions', () => {
    const actions = PERSONAS.flatMap((persona) => allowedActions(statements(persona, usual)));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
});
