import type { JsonObject } from '../../core/json';
import { ServiceError } from '../sagemaker/service-error';
import type { Dimension } from './records';

const NAMESPACE = 'sagemaker';
const DIMENSION = 'sagemaker:variant:DesiredInstanceCount';
const RESOURCE = /^endpoint\/([^/]+)\/variant\/([^/]+)$/;

/**
 * Endpoints are all that can be scaled here: every other target is refused by name.
 * @throws ServiceError ValidationException
 */
export function checkDimension(input: JsonObject): {
  readonly dimension: Dimension;
  readonly endpoint: string;
  readonly variant: string;
} {
  const { ServiceNamespace, ResourceId, ScalableDimension } = input as Dimension;
  if (ServiceNamespace !== NAMESPACE)
    throw invalid(`ServiceNamespace ${ServiceNamespace}: the local Application Auto Scaling only knows ${NAMESPACE}`);
  if (ScalableDimension !== DIMENSION)
    throw invalid(`ScalableDimension ${ScalableDimension}: the local Application Auto Scaling only knows ${DIMENSION}`);
  const [, endpoint, variant] = RESOURCE.exec(ResourceId) ?? [];
  if (endpoint === undefined || variant === undefined)
    throw invalid(`Unsupported resource ID: ${ResourceId}; write endpoint/NAME/variant/NAME`);
  return { dimension: { ServiceNamespace, ResourceId, ScalableDimension }, endpoint, variant };
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
