import type { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Cluster } from '../../config/cluster/cluster';
import { environments } from '../../config/environments';
import { models } from '../../config/models';
import { PlatformStage } from '../../lib/platform-stage';
import { eks } from '../unit/config/cluster/smallest';
import { app, statementsOf } from '../unit/constructs/smallest';
import { APPLIED, BEHIND_ALB, CLUSTERS, clusterStacks, clusterStage } from '../unit/lib/clusters';
import { templatesOf } from '../unit/lib/platform';

function findings(stack: Stack): string[] {
  return new AwsSolutionsChecks(stack)
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

describe.each(Object.entries(CLUSTERS))('a cluster of the kind %s', (_, cluster) => {
  const stage = clusterStage(cluster);
  stage.synth();
  const stacks = ['Cluster', 'Network'].map((id) => stage.node.findChild(id) as Stack);

  test('gives cdk-nag AwsSolutions nothing to say', () => {
    expect(stacks.flatMap(findings)).toEqual([]);
  });

  test('names actions and resources in every policy of ours', () => {
    const statements = statementsOf(Template.fromStack(stacks[0] as Stack)).filter(({ Effect }) => Effect === 'Allow');
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('*'))).toEqual([]);
    expect(statements.filter(({ Resource }) => [Resource].flat().includes('*'))).toEqual([]);
  });
});

test('the functions of the CDK that apply manifests give cdk-nag nothing to say either', () => {
  const { stack } = clusterStacks(eks(), APPLIED);
  (stack.node.scope as Stage).synth();
  expect(findings(stack)).toEqual([]);
});

test('the controller of load balancers names no wildcard but of lists, and gives cdk-nag nothing to say', () => {
  const { stack, cluster } = clusterStacks(eks(), BEHIND_ALB);
  (stack.node.scope as Stage).synth();
  expect(findings(stack)).toEqual([]);
  const statements = statementsOf(cluster).filter(({ Effect }) => Effect === 'Allow');
  expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('*'))).toEqual([]);
  const everywhere = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
  const actions = everywhere.flatMap(({ Action }) => Action);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !/^(ec2|elasticloadbalancing):(Describe|Get)/.test(action))).toEqual([]);
});

test('a cluster leaves another environment of the same app as it was', () => {
  const other = (root: App) => {
    const stage = new PlatformStage(root, 'staging', { environment: environments.staging, models });
    return Object.entries(templatesOf(stage)).map(([id, template]) => [id, template.toJSON()] as const);
  };
  const root = app();
  const environment = { ...environments.dev, cluster: Cluster.parse(eks()) };
  new PlatformStage(root, 'dev', { environment, models });
  const beside = other(root);
  expect(beside).toEqual(other(app()));
  expect(beside.length).toBeGreaterThan(5);
});
