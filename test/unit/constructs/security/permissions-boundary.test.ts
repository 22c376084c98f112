import { Match, Template } from 'aws-cdk-lib/assertions';
import { PermissionsBoundary } from '../../../../constructs/security/permissions-boundary';
import { role, stack } from '../smallest';

describe('PermissionsBoundary', () => {
  const scope = stack();
  role(scope);
  new PermissionsBoundary(scope, 'Boundary').applyTo(scope);
  const template = Template.fromStack(scope);

  test('caps every role below its scope', () => {
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() });
  });

  test('lets no role make or change an identity', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    const iam = JSON.stringify(policy?.['Properties']).match(/"iam:[^"]+"/g);
    expect(iam).toEqual(['"iam:PassRole"', '"iam:CreateServiceLinkedRole"', '"iam:AWSServiceName"']);
  });

  test.each(['kms:ScheduleKeyDeletion', 's3:BypassGovernanceRetention', 's3:PutBucketPolicy'])(
    'denies %s whatever a policy says',
    (action) => {
      template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: Match.arrayWith([action]) })]),
        },
      });
    },
  );
});
