import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { statementsOf } from '../unit/constructs/smallest';
import { CLUSTERS, clusterStage } from '../unit/lib/clusters';

describe.each(Object.entries(CLUSTERS))('a cluster of the kind %s', (_, cluster) => {
  const stage = clusterStage(cluster);
  stage.synth();
  const stacks = ['Cluster', 'Network'].map((id) => stage.node.findChild(id) as Stack);

  test('gives cdk-nag AwsSolutions nothing to say', () => {
    const found = stacks.flatMap((stack) =>
      new AwsSolutionsChecks(stack)
        .validateScope(stack)
        .violations.flatMap(({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
        ),
    );
    expect(found).toEqual([]);
  });

  test('names actions and resources in every policy of ours', () => {
    const statements = statementsOf(Template.fromStack(stacks[0] as Stack)).filter(({ Effect }) => Effect === 'Allow');
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('*'))).toEqual([]);
    expect(statements.filter(({ Resource }) => [Resource].flat().includes('*'))).toEqual([]);
  });
});
