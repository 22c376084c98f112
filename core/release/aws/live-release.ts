import { NO_RELEASE, PRODUCTION_VARIANT, SERVED_MODEL_OUTPUT } from '../../names';
import { WITHOUT_ENDPOINT } from '../endpoint-status';
import type { LiveRelease } from '../ports';
import type { CloudFormationApi, SageMakerApi } from './api';
import { digestOf } from './image-digest';
import { unlessMissing } from './service-errors';

export interface LiveReleaseApi {
  readonly sageMaker: SageMakerApi;
  readonly cloudFormation: Pick<CloudFormationApi, 'describeStacks'>;
}

/**
 * Follows the endpoint to its EndpointConfig, its Model and the model package behind it. The Model is that of the live
 * variant; that of the inference component where the variant has none; and where there is no endpoint, that which the
 * serving stack has for transform jobs.
 */
export async function liveRelease(api: LiveReleaseApi, endpointName: string, stackName: string): Promise<LiveRelease> {
  const endpoint = await unlessMissing(api.sageMaker.describeEndpoint({ EndpointName: endpointName }));
  const deployed = liveVariant(endpoint?.ProductionVariants ?? []);
  const live = {
    endpointStatus: endpoint?.EndpointStatus ?? 'Missing',
    endpointConfig: endpoint?.EndpointConfigName ?? null,
    model: null,
    modelPackage: NO_RELEASE,
    imageDigests: (deployed?.DeployedImages ?? []).flatMap(({ ResolvedImage }) => digestOf(ResolvedImage) ?? []),
    artefact: null,
    failureReason: endpoint?.FailureReason ?? null,
    rollbackAlarms: (endpoint?.LastDeploymentConfig?.AutoRollbackConfiguration?.Alarms ?? []).flatMap(
      ({ AlarmName }) => AlarmName ?? [],
    ),
  };
  if (!endpoint) {
    const model = await servedModel(api.cloudFormation, stackName);
    return model === undefined ? live : ofModel(api.sageMaker, model, { ...live, endpointStatus: WITHOUT_ENDPOINT });
  }
  if (live.endpointConfig === null) return live;
  const config = await unlessMissing(api.sageMaker.describeEndpointConfig({ EndpointConfigName: live.endpointConfig }));
  const model = liveVariant(config?.ProductionVariants ?? [])?.ModelName;
  if (model !== undefined) return ofModel(api.sageMaker, model, live);
  return config ? ofComponent(api.sageMaker, endpointName, live) : live;
}

/** The endpoint stays in service while its component is updated, so that the component's status is what counts. */
async function ofComponent(sageMaker: SageMakerApi, name: string, live: LiveRelease): Promise<LiveRelease> {
  const component = await unlessMissing(sageMaker.describeInferenceComponent({ InferenceComponentName: name }));
  const { ModelName: model, Container } = component?.Specification ?? {};
  if (model === undefined) return live;
  const digest = digestOf(Container?.DeployedImage?.ResolvedImage);
  return ofModel(sageMaker, model, {
    ...live,
    endpointStatus: component?.InferenceComponentStatus ?? live.endpointStatus,
    imageDigests: digest ? [digest] : [],
    failureReason: component?.FailureReason ?? live.failureReason,
  });
}

async function ofModel(sageMaker: SageMakerApi, model: string, live: LiveRelease): Promise<LiveRelease> {
  const description = await unlessMissing(sageMaker.describeModel({ ModelName: model }));
  const container = description?.PrimaryContainer ?? description?.Containers?.[0];
  return {
    ...live,
    model,
    modelPackage: container?.ModelPackageName ?? NO_RELEASE,
    artefact: container?.ModelDataUrl ?? null,
  };
}

/** Of several, the one that serves the model's own release; challengers serve others. */
function liveVariant<T extends { readonly VariantName?: string | undefined }>(variants: readonly T[]): T | undefined {
  return variants.find(({ VariantName }) => VariantName === PRODUCTION_VARIANT) ?? variants[0];
}

async function servedModel(api: LiveReleaseApi['cloudFormation'], stackName: string): Promise<string | undefined> {
  const { Stacks: [stack] = [] } = (await unlessMissing(api.describeStacks({ StackName: stackName }))) ?? {};
  return stack?.Outputs?.find(({ OutputKey }) => OutputKey === SERVED_MODEL_OUTPUT)?.OutputValue;
}
