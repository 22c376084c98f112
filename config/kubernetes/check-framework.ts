import type { Faults } from '../../core/faults';
import type { ModelSpec } from '../model-spec';
import type { ModelOnKubernetes } from './model';
import type { RuntimeName } from './runtimes';

/** Their images, below workloads/images/, unpickle what scikit-learn trained and hold no other framework. */
const OF_SKLEARN: readonly RuntimeName[] = ['python', 'fastapi', 'flask', 'django'];

/** Adds a fault where no image of the chosen server can load what the framework trains. */
export function checkFramework(
  model: string,
  { framework }: Pick<ModelSpec, 'framework'>,
  { runtime }: ModelOnKubernetes,
  faults: Faults,
): void {
  if (framework === 'sklearn' || !OF_SKLEARN.includes(runtime)) return;
  faults.add(
    `config/models.ts: ${model}.kubernetes.runtime`,
    `the image of ${runtime} can load models of sklearn only, got ${framework}`,
    'use onnx, or serve it on the plane sagemaker only',
  );
}
