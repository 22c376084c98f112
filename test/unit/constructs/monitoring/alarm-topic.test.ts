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
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  // The policy takes the place of the one that SNS gives a topic, which would let them.
  test('takes what the alarms of its account publish, and those of no other', () => {
    const statements = Object.values(template().findResources('AWS::SNS::TopicPolicy')).flatMap(
      ({ Properties }) =>
        (Properties as { PolicyDocument: { Statement: { Effect: string }[] } }).PolicyDocument.Statement,
    );
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      {
        Sid: 'AlarmsOfThisAccount',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: expect.stringMatching(/^Topic/) },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*' },
        },
      },
    ]);
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
