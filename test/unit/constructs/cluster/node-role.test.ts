import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ClusterBoundary } from '../../../../constructs/cluster/cluster-boundary';
import { nodeRole } from '../../../../constructs/cluster/node-role';
import { account, app } from '../smallest';

/** What nodes trust, and to whom their boundary lets a role be passed. */
function names(region: string): { readonly trusted: unknown; readonly passedTo: unknown } {
  const scope = new Stack(app(), 'Nodes', { env: { account, region } });
  nodeRole(scope, 'NodeRole', { kind: 'managed', boundary: new ClusterBoundary(scope, 'Boundary') });
  const template = Template.fromStack(scope);
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  const statements = policy?.Properties.PolicyDocument.Statement as readonly {
    readonly Sid: string;
    readonly Condition?: { readonly StringEquals?: Readonly<Record<string, unknown>> };
  }[];
  return {
    trusted: role?.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service,
    passedTo: statements.find(({ Sid }) => Sid === 'HandRolesToNodes')?.Condition?.StringEquals?.[
      'iam:PassedToService'
    ],
  };
}

describe('nodes of a cluster', () => {
  test.each(['eu-west-1', 'us-gov-west-1'])('are of EC2 in %s by its only name', (region) => {
    expect(names(region)).toEqual({ trusted: 'ec2.amazonaws.com', passedTo: 'ec2.amazonaws.com' });
  });

  test('are of EC2 in China by the name that EKS asks for, and take roles by either', () => {
    expect(names('cn-northwest-1')).toEqual({
      trusted: { 'Fn::Join': ['', ['ec2.', { Ref: 'AWS::URLSuffix' }]] },
      passedTo: ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'],
    });
  });
});
