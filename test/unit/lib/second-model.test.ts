import { defineModels } from '../../../config/schema';
import { model } from '../config/smallest';
import { platform, type Resource, resourcesOf, templatesOf } from './platform';

const churn = model();
/** The same workload with other settings. */
const careful = model({
  description: 'Says whether a customer leaves, and is rarely wrong when it says so',
  hyperparameters: { 'min-precision': 0.9 },
  gates: [{ metric: 'precision', atLeast: 0.9 }],
});

function resources(
  models: ReturnType<typeof defineModels<string>>,
): Record<string, Readonly<Record<string, Resource>>> {
  return Object.fromEntries(
    Object.entries(templatesOf(platform(models))).map(([id, template]) => [id, resourcesOf(template)]),
  );
}

describe('a second model that reuses the workload', () => {
  const before = resources(defineModels({ churn }));
  const after = resources(defineModels({ churn, 'careful-churn': careful }));

  test('adds its own two stacks', () => {
    const added = Object.keys(after).filter((id) => !(id in before));
    expect(added.sort()).toEqual(['Pipeline-careful-churn', 'Serving-careful-churn']);
  });

  test.each(Object.keys(before).filter((id) => id !== 'Registry'))('changes nothing in the stack %s', (id) => {
    expect(after[id]).toEqual(before[id]);
  });

  test('adds a group and a release to the registry, and leaves those that were there alone', () => {
    expect(after['Registry']).toMatchObject(before['Registry'] ?? {});
    const added = Object.entries(after['Registry'] ?? {}).filter(([id]) => !(id in (before['Registry'] ?? {})));
    expect(added.map(([, { Type }]) => Type)).toEqual(['AWS::SageMaker::ModelPackageGroup', 'AWS::SSM::Parameter']);
  });
});
