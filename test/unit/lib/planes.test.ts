import { defineModels } from '../../../config/schema';
import { kubernetesModel, plane } from '../config/kubernetes/smallest';
import { platform } from './platform';

const models = defineModels({ churn: kubernetesModel() });
const stacks = (overrides: Parameters<typeof platform>[1]) =>
  platform(models, overrides).node.children.map(({ node }) => node.id);

describe('the planes of an environment', () => {
  test('have none where models serve on Kubernetes only, and train all the same', () => {
    const only = stacks({ planes: ['kubernetes'], kubernetes: plane() });
    expect(only).not.toContain('Serving-churn');
    expect(only).toContain('Pipeline-churn');
  });
});
