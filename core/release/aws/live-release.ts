import { NO_RELEASE } from '../../names';
import type { LiveRelease } from '../ports';
import type { SageMakerApi } from './api';
import { digestOf } from './image-digest';
import { unlessMissing } from './service-errors';

/** Follows the endpoint to its EndpointConfig, its Model and the model package behind it. */
export async function liveRelease(sageMaker: SageMakerApi, endpointName: string): Promise<LiveRelease> {
  const endpoint = await unlessMissing(sageMaker.describeEndpoint({ EndpointName: endpointName }));
  const live = {
    endpointStatus: endpoint?.EndpointStatus ?? 'Missing',
    endpointConfig: endpoint?.EndpointConfigName ?? null,
    model: null,
    modelPackage: NO_RELEASE,
    imageDigests: (endpoint?.ProductionVariants ?? []).flatMap(({ DeployedImages = [] }) =>
      DeployedImages.flatMap(({ ResolvedImage }) => digestOf(ResolvedImage) ?? []),
    ),
    artefact: null,
    failureReason: endpoint?.FailureReason ?? null,
    rollbackAlarms: (endpoint?.LastDeploymentConfig?.AutoRollbackConfiguration?.Alarms ?? []).flatMap(
      ({ AlarmName }) => AlarmName ?? [],
    ),
  };
  if (live.endpointConfig === null) return live;
  const config = await unlessMissing(sageMaker.describeEndpointConfig({ EndpointConfigName: live.endpointConfig }));
  const model = config?.ProductionVariants?.[0]?.ModelName ?? null;
  if (model === null) return live;
  const description = await unlessMissing(sageMaker.describeModel({ ModelName: model }));
  const container = description?.PrimaryContainer ?? description?.Containers?.[0];
  return {
    ...live,
    model,
    modelPackage: container?.ModelPackageName ?? NO_RELEASE,
    artefact: container?.ModelDataUrl ?? null,
  };
}
