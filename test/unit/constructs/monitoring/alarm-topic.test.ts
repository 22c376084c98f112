import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AlarmTopic } from '../../../../constructs/monitoring/alarm-topic';
import { stack } from '../smallest';

function template(emails?: readonly string[]): Template {
  const scope = stack();
  new AlarmTopic(scope, 'Topic', { displayName: 'dev-churn alarms', key: new Key(scope, 'Key'), emails });
  return Template.fromStack(scope);
}

describe('AlarmTopic', () => {
  test('encrypts its messages with the key that it is given', () => {
    template().hasResourceProperties('AWS::SNS::Topic', {
      DisplayName: 'dev-churn alarms',
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
  });

  test('takes no message without TLS', () => {
    template().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('mails nobody unless told otherwise', () => {
    template().resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('mails everybody whom it is told', () => {
    const made = template(['one@example.com', 'two@example.com']);
    made.resourceCountIs('AWS::SNS::Subscription', 2);
    made.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'two@example.com' });
  });
});
