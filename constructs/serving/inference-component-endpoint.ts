import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { PRODUCTION_VARIANT } from '../../core/names';
import type { Network } from '../network/network';
import { rolloutTiming } from './deployment-config';
import {
  type InstanceEndpointProps,
  instanceDefaults,
  instanceVariant,
  variantSettings,
  volumeKey,
} from './instance-variant';
import { ServingEndpoint } from './serving-endpoint';

export interface InferenceComponentEndpointProps extends Omit<InstanceEndpointProps, 'terminationWait'> {
  /** Most instances that SageMaker adds for the copies. */
  readonly maxInstances: number;
  readonly network: Network;
  /** The endpoint runs in it, as it has no model that could say. */
  readonly executionRole: IRole;
  /** Processor cores of one copy, at least 0.25. */
  readonly cpuCores: number;
  /** Memory of one copy, at least 128. */
  readonly memoryMb: number;
  /** GPUs or Inferentia devices of one copy. @default - none */
  readonly accelerators?: number;
  /** Copies of the model at first; a linear rollout needs 2. */
  readonly copies: number;
}

/**
 * An endpoint that is only instances, and a model on them as an inference component: so many copies, each with its own
 * share of an instance. A release updates the component batch by batch, and the endpoint stays as it is.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html
 */
export class InferenceComponentEndpoint extends ServingEndpoint {
  readonly component: CfnInferenceComponent;

  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: InferenceComponentEndpointProps) {
    const { instanceType, instanceCount, maxInstances, network, key, rollout, rollbackAlarms } = props;
    const { cpuCores, memoryMb, accelerators, copies } = props;
    const hosts = variantSettings(props);
    const times = { startup: instanceDefaults(props).startup, terminationWait: Duration.seconds(0) };
    const { modelName: _, initialVariantWeight: __, ...variant } = instanceVariant(hosts, props.model);
    super(scope, id, {
      ...props,
      ...times,
      policy: 'rolling',
      settings: {
        mode: 'inference-component',
        vpc: true,
        networkIsolation: true,
        containers: 1,
        multiModel: false,
        variants: [hosts],
        shadowVariants: [],
        capturePercent: 0,
        component: { cpuCores, memoryMb, accelerators, copies },
      },
      config: {
        executionRoleArn: props.executionRole.roleArn,
        vpcConfig: network.vpcConfig,
        enableNetworkIsolation: true,
        productionVariants: [
          {
            ...variant,
            managedInstanceScaling: {
              status: 'ENABLED',
              minInstanceCount: instanceCount,
              maxInstanceCount: maxInstances,
            },
            routingConfig: { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
          },
        ],
        ...volumeKey([instanceType], key),
      },
      takenFromConfig: [],
    });
    this.component = new CfnInferenceComponent(this, 'Component', {
      // Callers name it beside the endpoint.
      inferenceComponentName: props.endpointName,
      endpointName: props.endpointName,
      variantName: PRODUCTION_VARIANT,
      specification: {
        modelName: props.model.attrModelName,
        computeResourceRequirements: {
          numberOfCpuCoresRequired: cpuCores,
          minMemoryRequiredInMb: memoryMb,
          numberOfAcceleratorDevicesRequired: accelerators,
        },
        startupParameters: { containerStartupHealthCheckTimeoutInSeconds: hosts.startupSeconds },
      },
      runtimeConfig: { copyCount: copies },
      deploymentConfig:
        rollout.kind === 'linear'
          ? {
              rollingUpdatePolicy: {
                maximumBatchSize: { type: 'CAPACITY_PERCENT', value: rollout.stepPercent },
                waitIntervalInSeconds: rollout.stepMinutes * 60,
                maximumExecutionTimeoutInSeconds: rolloutTiming({ rollout, ...times }).maximumExecutionSeconds,
              },
              // SageMaker takes no empty list.
              autoRollbackConfiguration:
                rollbackAlarms.length > 0
                  ? { alarms: rollbackAlarms.map(({ alarmName }) => ({ alarmName })) }
                  : undefined,
            }
          : undefined,
    });
    this.component.cfnOptions.condition = props.condition;
    // It knows the endpoint by its name only.
    this.component.addResourceDependency(this.resource);
  }
}
