import type { JsonObject } from '../../core/json';
import type { Call } from '../sagemaker/operation';
import { ServiceError } from '../sagemaker/service-error';
import type { Dimension } from './records';

const NAMESPACE = 'sagemaker';
const VARIANT = { form: /^endpoint\/([^/]+)\/variant\/([^/]+)$/, written: 'endpoint/NAME/variant/NAME' };
const COMPONENT = { form: /^inference-component\/([^/]+)$/, written: 'inference-component/NAME' };

/** How a resource of each dimension is written. */
const DIMENSIONS: Readonly<Record<string, typeof VARIANT>> = {
  'sagemaker:variant:DesiredInstanceCount': VARIANT,
  'sagemaker:variant:DesiredProvisionedConcurrency': VARIANT,
  'sagemaker:inference-component:DesiredCopyCount': COMPONENT,
};

export interface Scaled {
  readonly dimension: Dimension;
  /** Parts of the resource id: an endpoint and its variant, or a component. */
  readonly names: readonly [string, string?];
}

/**
 * What SageMaker serves by is all that can be scaled here: every other target is refused by name.
 * @throws ServiceError ValidationException
 */
export function checkDimension(input: JsonObject): Scaled {
  const { ServiceNamespace, ResourceId, ScalableDimension } = input as Dimension;
  if (ServiceNamespace !== NAMESPACE)
    throw invalid(`ServiceNamespace ${ServiceNamespace}: the local Application Auto Scaling only knows ${NAMESPACE}`);
  const kind = Object.hasOwn(DIMENSIONS, ScalableDimension) ? DIMENSIONS[ScalableDimension] : undefined;
  if (!kind)
    throw invalid(
      `ScalableDimension ${ScalableDimension}: the local Application Auto Scaling only knows ${Object.keys(DIMENSIONS).join(', ')}`,
    );
  const [, first, second] = kind.form.exec(ResourceId) ?? [];
  if (first === undefined) throw invalid(`Unsupported resource ID: ${ResourceId}; write ${kind.written}`);
  return { dimension: { ServiceNamespace, ResourceId, ScalableDimension }, names: [first, second] };
}

/**
 * How little capacity the target may have: an instance that answers while the caller waits has to be there.
 * @throws ServiceError ValidationException if what is to be scaled isn't there, or has nothing of that dimension
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 */
export async function fewestOf({ dimension, names: [name, variant] }: Scaled, call: Call): Promise<0 | 1> {
  if (variant === undefined) {
    await call('DescribeInferenceComponent', { InferenceComponentName: name });
    return 0;
  }
  const { EndpointConfigName, ProductionVariants = [] } = await call('DescribeEndpoint', { EndpointName: name });
  const names = (ProductionVariants as readonly JsonObject[]).map(({ VariantName }) => VariantName as string);
  if (!names.includes(variant))
    throw invalid(`Endpoint ${name} has no variant ${variant}, it has ${names.join(', ') || 'none'}`);
  const config = await call('DescribeEndpointConfig', { EndpointConfigName: EndpointConfigName ?? '' });
  const serverless = (config.ProductionVariants as readonly JsonObject[] | undefined)?.find(
    ({ VariantName }) => VariantName === variant,
  )?.ServerlessConfig as JsonObject | undefined;
  const ofConcurrency = dimension.ScalableDimension === 'sagemaker:variant:DesiredProvisionedConcurrency';
  if (ofConcurrency && serverless?.ProvisionedConcurrency === undefined)
    throw invalid(`The variant ${variant} of ${name} has no provisioned concurrency to scale`);
  if (!ofConcurrency && serverless)
    throw invalid(`The variant ${variant} of ${name} is serverless: it has no instances to scale`);
  return config.AsyncInferenceConfig === undefined ? 1 : 0;
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
