import type { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { allow, type Permission } from '../../../../constructs/security/allow';
import { app, granted, role, stack, statementsOf } from '../smallest';

const reason = 'the names are not known before';

/** What cdk-nag still says about wildcards after a synthesis. */
function findings(...permissions: Permission[]): string[] {
  const root = app();
  const scope = stack(root);
  const somebody = role(scope);
  for (const permission of permissions) allow(somebody, permission);
  root.synth();
  return wildcardFindings(root);
}

function wildcardFindings(root: App): string[] {
  return new AwsSolutionsChecks(root)
    .validateScope(root)
    .violations.map(({ ruleName }) => ruleName)
    .filter((name) => name.startsWith('AwsSolutions-IAM5'));
}

describe('allow', () => {
  test('writes one statement with these actions, resources and conditions', () => {
    const template = granted(
      () => (grantee) =>
        allow(grantee, {
          actions: ['s3:GetObject'],
          resources: ['arn:aws:s3:::one/two'],
          conditions: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
    );
    expect(statementsOf(template)).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::one/two',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
    ]);
  });

  test('leaves a wildcard without a reason to the checks', () => {
    expect(findings({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::one/*'] })).toEqual([
      'AwsSolutions-IAM5[Resource::arn:aws:s3:::one/*]',
    ]);
  });

  test('answers for the wildcards of its own statement and for no other', () => {
    expect(
      findings(
        { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::one/*', 'arn:aws:s3:::two'], because: reason },
        { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::three/*'] },
      ),
    ).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:s3:::three/*]']);
  });

  test('never answers for a wildcard in an action', () => {
    expect(findings({ actions: ['s3:*'], resources: ['arn:aws:s3:::one/*'], because: reason })).toEqual([
      'AwsSolutions-IAM5[Action::s3:*]',
    ]);
  });

  test('answers for what another stack made', () => {
    const root = app();
    const [here, there]: Stack[] = [stack(root, 'Here'), stack(root, 'There')];
    const made = role(there as Stack, 'Made').roleArn;
    allow(role(here as Stack), { actions: ['iam:GetRole'], resources: [`${made}/*`], because: reason });
    root.synth();
    expect(wildcardFindings(root)).toEqual([]);
  });
});
