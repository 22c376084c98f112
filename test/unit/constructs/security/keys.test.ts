import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Keys } from '../../../../constructs/security/keys';
import { stack } from '../smallest';

function template(removalPolicy: RemovalPolicy = RemovalPolicy.RETAIN): Template {
  const scope = stack();
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
});
