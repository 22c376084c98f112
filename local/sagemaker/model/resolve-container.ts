import type { JsonObject } from '../../../core/json';
import type { ModelContainer } from '../model-server/model-server';
import type { Call } from '../operation';
import { ServiceError } from '../service-error';

/**
 * Looks up what a model runs: its image, artefact and environment, or those of its package.
 * @throws ServiceError if something is missing, or can't be run here
 */
export async function resolveContainer(call: Call, modelName: string): Promise<ModelContainer> {
  const model = await call('DescribeModel', { ModelName: modelName });
  const containers = (model.Containers ?? [model.PrimaryContainer]) as readonly (JsonObject | undefined)[];
  const [container] = containers;
  if (!container || containers.length > 1)
    throw new ServiceError(
      'ValidationException',
      `Model ${modelName}: the local SageMaker runs one container, got ${containers.length}; an inference pipeline needs an account`,
    );
  const packaged =
    container.ModelPackageName === undefined ? {} : await packageContainer(call, container.ModelPackageName as string);
  const image = container.Image ?? packaged.Image;
  const modelDataUrl = container.ModelDataUrl ?? packaged.ModelDataUrl;
  if (typeof image !== 'string')
    throw new ServiceError(
      'ValidationException',
      `Model ${modelName}: its container names no image; give Image or ModelPackageName`,
    );
  return {
    image,
    ...(typeof modelDataUrl === 'string' && { modelDataUrl }),
    // What the model sets wins over what the package brings.
    environment: { ...environmentOf(packaged), ...environmentOf(container) },
  };
}

async function packageContainer(call: Call, name: string): Promise<JsonObject> {
  const { InferenceSpecification } = await call('DescribeModelPackage', { ModelPackageName: name });
  const containers = ((InferenceSpecification as JsonObject | undefined)?.Containers ?? []) as readonly JsonObject[];
  const [container] = containers;
  if (!container || containers.length > 1)
    throw new ServiceError(
      'ValidationException',
      `Model package ${name}: the local SageMaker runs one container, got ${containers.length} in InferenceSpecification`,
    );
  return container;
}

function environmentOf(container: JsonObject): Record<string, string> {
  return (container.Environment ?? {}) as Record<string, string>;
}
