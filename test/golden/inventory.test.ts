import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentName, environments } from '../../config/environments';
import { models } from '../../config/models';
import { PlatformStage } from '../../lib/platform-stage';
import { eks } from '../unit/config/cluster/smallest';
import { app } from '../unit/constructs/smallest';
import { APPLIED, CLUSTERS, clusterStacks } from '../unit/lib/clusters';
import { resourcesOf } from '../unit/lib/platform';
import { expectGolden } from './expect-golden';

/** How many resources of which type, a line each. */
function countsOf(template: Template): string[] {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(resourcesOf(template))) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `  ${count} ${type}`);
}

/** How many resources of which type, stack by stack. */
function inventory(environment: EnvironmentName): string {
  const stage = new PlatformStage(app(), environment, { environment: environments[environment], models });
  const stacks = stage.node.children
    .filter(Stack.isStack)
    .map((stack) => [stack.stackName, ...countsOf(Template.fromStack(stack))].join('\n'));
  return `${stacks.join('\n\n')}\n`;
}

/** What would be lost if CloudFormation made it anew. */
const STATEFUL = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SSM::Parameter', 'AWS::SageMaker::ModelPackageGroup'];

/** A logical id that changes is a resource that is replaced: renaming a construct can do it. */
function statefulIds(environment: EnvironmentName): string {
  const stage = new PlatformStage(app(), environment, { environment: environments[environment], models });
  const ids = stage.node.children.filter(Stack.isStack).flatMap((stack) =>
    Object.entries(resourcesOf(Template.fromStack(stack)))
      .filter(([, { Type }]) => STATEFUL.includes(Type))
      .map(([id, { Type }]) => `${stack.stackName} ${Type} ${id}`),
  );
  return `${ids.join('\n')}\n`;
}

describe('the resources of', () => {
  test.each(Object.keys(environments) as EnvironmentName[])('%s are those that were reviewed', (environment) => {
    expectGolden(`inventory/${environment}.txt`, inventory(environment));
  });

  test('clusters of every kind are those that were reviewed', () => {
    const kinds = Object.entries({ ...CLUSTERS, 'Auto Mode, with manifests': eks() }).map(([kind, cluster]) => {
      const stacks = clusterStacks(cluster, kind.endsWith('with manifests') ? APPLIED : {});
      return [kind, ...countsOf(stacks.cluster)].join('\n');
    });
    expectGolden('inventory/clusters.txt', `${kinds.join('\n\n')}\n`);
  });

  test('prod that hold data keep their logical ids', () => {
    expectGolden('inventory/prod-stateful-ids.txt', statefulIds('prod'));
  });
});
