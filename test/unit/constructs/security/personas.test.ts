import { Match, Template } from 'aws-cdk-lib/assertions';
import { PERSONAS } from '../../../../config/environment-spec';
import { allow } from '../../../../constructs/security/allow';
import { Personas } from '../../../../constructs/security/personas';
import { app, stack } from '../smallest';

function personas() {
  const root = app();
  const home = stack(root, 'Home');
  return { people: new Personas(home, 'Personas'), home, elsewhere: () => stack(root, 'Elsewhere') };
}

describe('Personas', () => {
  test('are one role each, and can do nothing by themselves', () => {
    const template = Template.fromStack(personas().home);
    template.resourceCountIs('AWS::IAM::Role', PERSONAS.length);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('ManagedPolicyArns');
  });

  test('can be taken on by principals of the account only, for four hours', () => {
    Template.fromStack(personas().home).allResourcesProperties('AWS::IAM::Role', {
      MaxSessionDuration: 14_400,
      AssumeRolePolicyDocument: {
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
        ],
      },
    });
  });

  test('get what another stack grants in that stack, so that their own never changes', () => {
    const { people, home, elsewhere: make } = personas();
    const elsewhere = make();
    allow(people.within(elsewhere)['ml-engineer'], { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::one'] });
    Template.fromStack(elsewhere).resourceCountIs('AWS::IAM::Policy', 1);
    Template.fromStack(home).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('are the roles themselves, by name', () => {
    const { people, elsewhere: make } = personas();
    const elsewhere = make();
    allow(people.within(elsewhere).approver, { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::one'] });
    Template.fromStack(elsewhere).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ 'Fn::GetStackOutput': Match.objectLike({ OutputName: Match.stringLikeRegexp('PersonasApprover') }) }],
    });
  });
});
