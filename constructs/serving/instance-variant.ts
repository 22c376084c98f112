import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnEndpointConfig, CfnEndpointConfigProps, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { PRODUCTION_VARIANT } from '../../core/names';
import { hasLocalStorage } from './local-storage';
import type { ContainerSettings, VariantSettings } from './rules/service-rule';
import type { EndpointProps } from './serving-endpoint';

/** What an endpoint on instances is told, whatever its mode. */
export interface InstanceEndpointProps extends EndpointProps {
  readonly model: CfnModel;
  /** For example `ml.m5.large`. A new type under autoscaling takes two deployments: SageMaker refuses to change it. */
  readonly instanceType: string;
  /** Instances of a fleet at its creation; a canary or linear rollout needs 2. During a shift both fleets run. */
  readonly instanceCount: number;
  /** Encrypts the volumes of the instances and what is captured. */
  readonly key: IKey;
  /**
   * How long a container may take to become healthy, 60 seconds to an hour.
   * @default Duration.minutes(4)
   */
  readonly startup?: Duration;
  /**
   * How long the old fleet stays after all traffic has moved, at most an hour. Until then going back is instant.
   * @default Duration.minutes(5)
   */
  readonly terminationWait?: Duration;
}

/** What instances and their updates have by default. */
export function instanceDefaults({
  startup,
  terminationWait,
}: Pick<InstanceEndpointProps, 'startup' | 'terminationWait'>) {
  return { startup: startup ?? Duration.minutes(4), terminationWait: terminationWait ?? Duration.minutes(5) };
}

/** A variant on instances of its own, as the rules see it. */
export function variantSettings(
  { instanceType, instanceCount, startup }: Pick<InstanceEndpointProps, 'instanceType' | 'instanceCount' | 'startup'>,
  { name = PRODUCTION_VARIANT, weight = 1 }: { readonly name?: string; readonly weight?: number } = {},
): VariantSettings {
  const startupSeconds = instanceDefaults({ startup }).startup.toSeconds();
  return { name, weight, instanceType, instanceCount, startupSeconds };
}

/** The same, as CloudFormation takes it. */
export function instanceVariant(
  settings: VariantSettings,
  model: CfnModel,
): CfnEndpointConfig.ProductionVariantProperty {
  return {
    variantName: settings.name,
    modelName: model.attrModelName,
    instanceType: settings.instanceType,
    initialInstanceCount: settings.instanceCount,
    initialVariantWeight: settings.weight,
    containerStartupHealthCheckTimeoutInSeconds: settings.startupSeconds,
  };
}

/** The key of the volumes: none if any of the instances brings its own disks, for then SageMaker refuses one. */
export function volumeKey(instanceTypes: readonly string[], key: IKey): Pick<CfnEndpointConfigProps, 'kmsKeyId'> {
  return { kmsKeyId: instanceTypes.some(hasLocalStorage) ? undefined : key.keyArn };
}

/** What the containers of models are like, as far as their resources say. */
export function containerSettings(models: readonly CfnModel[]): Omit<ContainerSettings, 'marketplace'> {
  const primary = models.map(({ primaryContainer }) => primaryContainer as { readonly mode?: string } | undefined);
  return {
    vpc: models.some(({ vpcConfig }) => vpcConfig !== undefined),
    networkIsolation: models.some(({ enableNetworkIsolation }) => enableNetworkIsolation === true),
    containers: Math.max(1, ...models.map(({ containers }) => (Array.isArray(containers) ? containers.length : 1))),
    multiModel: primary.some((container) => container?.mode === 'MultiModel'),
  };
}
