import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ReleaseFunction, type ReleaseFunctionProps } from '../../../../constructs/serving/release-function';
import { allowedActions, policyOf } from '../iam-simulation';
import { stack } from '../smallest';

const FUNCTION = 'AWS::Lambda::Function';

function template(change: (scope: ReturnType<typeof stack>) => Partial<ReleaseFunctionProps> = () => ({})): Template {
  const scope = stack();
  new ReleaseFunction(scope, 'Function', {
    handler: 'stack-status-change',
    timeout: Duration.seconds(30),
    environment: { MODEL: 'churn' },
    logKey: new Key(scope, 'LogKey'),
    ...change(scope),
  });
  return Template.fromStack(scope);
}

describe('ReleaseFunction', () => {
  test('runs the handler with its environment', () => {
    template().hasResourceProperties(FUNCTION, {
      Handler: 'stack-status-change.handler',
      Runtime: 'nodejs24.x',
      Timeout: 30,
      Environment: { Variables: { MODEL: 'churn' } },
    });
  });

  test('writes JSON to an encrypted log of its own', () => {
    const made = template();
    const [log] = Object.keys(made.findResources('AWS::Logs::LogGroup'));
    made.hasResourceProperties(FUNCTION, { LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: log } } });
    made.hasResourceProperties('AWS::Logs::LogGroup', {
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LogKey'), 'Arn'] },
    });
  });

  test('keeps its log for a year unless told otherwise', () => {
    template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    template(() => ({ logRetention: RetentionDays.ONE_WEEK })).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 7,
    });
  });

  test('keeps no failed events unless it is given a queue for them', () => {
    template().hasResourceProperties(FUNCTION, { DeadLetterConfig: Match.absent() });
    template((scope) => ({ deadLetterQueue: new Queue(scope, 'Dead') })).hasResourceProperties(FUNCTION, {
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Dead'), 'Arn'] } },
    });
  });

  test('may write its log, and by itself nothing else', () => {
    expect(allowedActions(policyOf(template(), 'Function'))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });
});
